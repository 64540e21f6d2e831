import Hummingbird
import PlatformEngine

/// The files that a tenant keeps on the platform.
extension NativeAPI {
    /// How many files a page of the list has at most.
    static let fileListLimit: Int64 = 1000

    var fileRoutes: [Route] {
        [
            putFile, getFile, deleteFile, listFiles("listFiles", "/v1/files"),
            // As `GET /v1/files/?prefix=` would have it.
            listFiles("listFilesFromRoot", "/v1/files/"),
        ]
    }

    private static let place = "/v1/files/{path...}"

    private var putFile: Route {
        Route(
            operation: "putFile", method: .put, path: Self.place,
            summary: "Store a file, in place of the one that was there; 201 where there was none",
            bodyLimitBytes: FileStore.fileBytesMax, takesBytes: true, success: .json(.created, schema: "StoredFile"),
            errors: [.invalid, .conflict, .tooLarge, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let path = try call.filePath()
            let upload = try engine.files.upload(path, tenant: call.tenant)
            try await call.streamBody(limit: FileStore.fileBytesMax, tooLarge: .fileTooLarge) { part in
                try part.withUnsafeReadableBytes { bytes in try upload.write(bytes) }
            }
            let stored = try await upload.finish()
            return .object(stored.isNew ? .created : .ok) { json in
                json.field("path", path.text)
                json.field("size", stored.sizeBytes)
            }
        }
    }

    private var getFile: Route {
        Route(
            operation: "getFile", method: .get, path: Self.place, summary: "A file's bytes, or a range of them",
            parameters: [.range], success: .bytes, errors: [.notFound, .invalid, .conflict, .rangeNotSatisfiable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            return .file(try engine.files.open(try call.filePath(), tenant: call.tenant), to: call)
        }
    }

    private var deleteFile: Route {
        Route(
            operation: "deleteFile", method: .delete, path: Self.place, summary: "Remove a file",
            success: .json(.ok, schema: "Deletion"), errors: [.notFound, .invalid, .conflict]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            try engine.files.delete(try call.filePath(), tenant: call.tenant)
            return .object { json in json.field("deleted", true) }
        }
    }

    private func listFiles(_ operation: String, _ path: String) -> Route {
        Route(
            operation: operation, method: .get, path: path, summary: "The files, sorted by path",
            parameters: [
                .init(name: "prefix", description: "Only paths that begin so, such as data/"),
                .init(
                    name: "limit", description: "The most files of one page",
                    schema: [
                        "type": "integer", "minimum": 1, "maximum": .int(Self.fileListLimit), "default": .int(Self.fileListLimit),
                    ]),
                .init(name: "cursor", description: "next_cursor of the page before"),
            ],
            success: .json(.ok, schema: "FilePage"), errors: [.invalid]
        ) { [engine] call in
            let query = try Query(call, allowed: ["prefix", "limit", "cursor"])
            let page = engine.files.list(
                tenant: call.tenant, prefix: query.text("prefix") ?? "", after: query.text("cursor") ?? "",
                limit: Int(try query.number("limit", in: 1...Self.fileListLimit) ?? Self.fileListLimit))
            return .object(capacity: 64 * (page.files.count + 1)) { json in
                json.key("files")
                json.array { json in
                    for file in page.files {
                        json.object { json in
                            json.field("path", file.path)
                            json.field("size", file.sizeBytes)
                        }
                    }
                }
                json.field("next_cursor", page.next)
            }
        }
    }
}

extension Route.Parameter {
    static let range = Route.Parameter(
        name: "Range", place: .header, description: "One range, such as bytes=0-99; more than one gives all of the file")
}

extension Call {
    /// The path below `/v1/files/`.
    fileprivate func filePath() throws(PlatformError) -> FilePath {
        guard request.uri.path.removingPercentEncoding != nil else {
            throw .invalid("the path is not valid percent-encoding of UTF-8")
        }
        return try FilePath(parameter("path"))
    }
}
