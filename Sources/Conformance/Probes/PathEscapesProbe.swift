import Recording

/// A file is stored under a plain name; then names with `../` try to leave the storage and the download folder.
enum PathEscapesProbe: Probe {
    static let name = "path-escapes"
    private static let climbing = "../../../"

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

        try await stage.requests("requests before the upload")
        try await FilesProbe.upload("upload that climbs", local, climbing + plainName(stage.nonce("climbing")), stage)
        try await stage.requests("requests after the upload")
        // The file is there under its plain name, so that whoever strips the dots for the platform alone does get its content.
        try await FilesProbe.download(
            "download that climbs", climbing + plainName(stage.nonce("plain")), stage.path("folder", in: area), stage)
        try await stage.requests("requests after the download")
        try await stage.look("all files", "file_area", Value.Field("do", "list"))
    }

    static func plainName(_ nonce: String) -> String { "\(nonce).bin" }
}
