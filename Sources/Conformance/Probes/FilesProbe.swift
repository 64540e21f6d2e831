import Recording

/// Files of every kind go up and come down again, also out of a folder and over a file that stands there already; another one goes up under
/// a name that is taken. Then one that is not here is uploaded, and one that is not there downloaded.
enum FilesProbe: Probe {
    static let name = "files"
    /// The kinds of files, as the guest names them.
    static let kinds = ["empty", "one byte", "binary", "16 MiB", "unicode name"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let area = try await stage.look("files", "file_area", Value.Field("do", "make"))
        for kind in kinds {
            guard try await exchange(kind, area, stage) else { return }
        }
        try await stage.files("files on the platform")
        try await stage.jobs("jobs on the platform")
        try await folders(area, stage)
        let existing = try stage.path("existing", in: area)
        try await download("download over a file", remote("binary", area, stage), "\(existing)/\(overwritten)", stage)
        let taken = try remote("one byte", area, stage)
        try await upload("upload under a taken name", "\(stage.path("uploads", in: area))/binary.bin", taken, stage)
        try await download("download what went up last", taken, "\(stage.path("downloads", in: area))/again.bin", stage)
        try await stage.look("downloads", "file_area", Value.Field("do", "compare"))
        try await missingFiles(area, stage)
        try await stage.look("existing files", "file_area", Value.Field("do", "compare"))
    }

    /// Targets that are there before the download, and what the look calls their state.
    static let overwritten = "overwritten.bin"
    static let kept = "kept.bin"

    /// Two files of one name in two folders; the one that went up first comes down.
    private static func folders(_ area: Value, _ stage: Stage) async throws {
        let uploads = try stage.path("uploads", in: area)
        let remotes = ["first", "second"].map { "\(stage.nonce("\($0) folder"))/same.bin" }
        try await upload("upload into a folder", "\(uploads)/binary.bin", remotes[0], stage)
        try await upload("upload into another folder", "\(uploads)/one.bin", remotes[1], stage)
        try await download("download out of a folder", remotes[0], "\(stage.path("downloads", in: area))/folder.bin", stage)
    }

    private static func remote(_ kind: String, _ area: Value, _ stage: Stage) throws -> String {
        guard let file = area["names"]?[kind]?.string else { throw HarnessFault("the look file_area made no file '\(kind)'") }
        return "\(stage.nonce(kind))-\(file)"
    }

    /// Whether the connector has both methods.
    private static func exchange(_ kind: String, _ area: Value, _ stage: Stage) async throws -> Bool {
        let remote = try remote(kind, area, stage)
        let file = area["names"]?[kind]?.string ?? ""
        let uploaded = try await upload("upload \(kind)", "\(stage.path("uploads", in: area))/\(file)", remote, stage)
        if isUnsupported(uploaded) { return false }
        let downloaded = try await download("download \(kind)", remote, "\(stage.path("downloads", in: area))/\(file)", stage)
        return !isUnsupported(downloaded)
    }

    private static func missingFiles(_ area: Value, _ stage: Stage) async throws {
        let folder = try stage.path("missing", in: area)
        let never = "\(stage.nonce("never uploaded")).bin"
        try await upload("upload a missing file", "\(stage.path("uploads", in: area))/no-such-file.bin", never, stage)
        try await download("download what was not uploaded", never, "\(folder)/first.bin", stage)
        try await download("download a missing file", "\(stage.nonce("unknown")).bin", "\(folder)/second.bin", stage)
        try await download(
            "download a missing file over one", "\(stage.nonce("unknown")).bin", "\(stage.path("existing", in: area))/\(kept)", stage)
        try await stage.look("left in the folder", "file_area", Value.Field("do", "list"), Value.Field("below", .string(folder)))
    }

    @discardableResult
    static func upload(_ label: String, _ local: String, _ remote: String, _ stage: Stage) async throws -> Outcome {
        try await stage.call(
            label, .uploadFile, Call.Argument("local_path", .string(local), positional: true),
            Call.Argument("remote_path", .string(remote), positional: true), mustReturn: false)
    }

    @discardableResult
    static func download(_ label: String, _ remote: String, _ local: String, _ stage: Stage) async throws -> Outcome {
        try await stage.call(
            label, .downloadFile, Call.Argument("remote_path", .string(remote), positional: true),
            Call.Argument("local_path", .string(local), positional: true), mustReturn: false)
    }

    static func isUnsupported(_ outcome: Outcome) -> Bool { outcome.raised?.isA("NotImplementedError") ?? false }
}
