import Recording

/// A file is stored under a plain name; then names with `../` try to leave the storage and the download folder.
enum PathEscapesProbe: Probe {
    static let name = "path-escapes"
    private static let climbing = "../../../"
    /// Begins harmlessly.
    private static let windingUp = "x/../../"
    /// The calls, each between the record of requests of the one before and its own.
    static let climbs = ["upload that climbs", "download that climbs", "upload that winds up", "download to a file", "download that winds up"]

    static func requests(after call: String) -> String { "requests after \(call)" }

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let area = try await stage.look(
            "files", "file_area", Value.Field("do", "make"), Value.Field("only", .list(["one byte"])))
        let local = "\(try stage.path("uploads", in: area))/one.bin"
        try await stage.requests("requests before")
        let plain = try await FilesProbe.upload("upload a plain name", local, plainName(stage.nonce("plain")), stage)
        try await stage.requests("requests after the plain name")
        guard !FilesProbe.isUnsupported(plain) else { return }
        let fetched = try await FilesProbe.download(
            "download a plain name", plainName(stage.nonce("plain")), "\(stage.path("downloads", in: area))/plain.bin", stage)
        guard !FilesProbe.isUnsupported(fetched) else { return }

        try await stage.requests("requests before the climbs")
        // The file is there under its plain name, so that whoever strips the dots for the platform alone does get its content.
        let stored = plainName(stage.nonce("plain"))
        let downloads = try stage.path("downloads", in: area)
        let folder = try stage.path("folder", in: area)
        for call in climbs {
            switch call {
            case "upload that climbs": try await FilesProbe.upload(call, local, climbing + plainName(stage.nonce("climbing")), stage)
            case "upload that winds up": try await FilesProbe.upload(call, local, windingUp + plainName(stage.nonce("winding")), stage)
            case "download that climbs": try await FilesProbe.download(call, climbing + stored, folder, stage)
            case "download that winds up": try await FilesProbe.download(call, windingUp + stored, "\(downloads)/wound.bin", stage)
            default: try await FilesProbe.download(call, climbing + stored, "\(downloads)/climbed.bin", stage)
            }
            try await stage.requests(requests(after: call))
        }
        try await stage.look("all files", "file_area", Value.Field("do", "list"))
    }

    static func plainName(_ nonce: String) -> String { "\(nonce).bin" }
}
