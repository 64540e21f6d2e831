import Foundation
import NativeClient
import Testing

@testable import PlatformEngine
@testable import PlatformServer

@Suite("Files", .timeLimit(.minutes(5)))
struct FileTests {
    @Test("what was put comes back the same, from nothing to 16 MiB, and HEAD tells of it")
    func identical() async throws {
        try await TestPlatform.run { platform in
            for (name, size) in [("empty", 0), ("one", 1), ("data/deep/er/big.bin", 16 << 20)] {
                let bytes = randomBytes(size)
                let put = JSON(try await platform.client.request("PUT", "/v1/files/\(name)", body: bytes))
                #expect(put.status == 201)
                #expect(put.string("path") == name && put.int("size") == size)
                let got = try await platform.client.request("GET", "/v1/files/\(name)")
                #expect(got.status == 200 && got.body == bytes)
                #expect(got.header("Content-Type") == "application/octet-stream" && got.header("Accept-Ranges") == "bytes")
                let head = try await platform.rawHead("/v1/files/\(name)")
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.contains("Content-Length: \(size)\r\n"))
            }
        }
    }

    @Test("a body without a length, in chunks, is stored whole")
    func chunked() async throws {
        try await TestPlatform.run { platform in
            let bytes = randomBytes(3 << 20)
            let put = try await platform.client.request("PUT", "/v1/files/c", body: bytes, headers: [("Transfer-Encoding", "chunked")])
            #expect(put.status == 201)
            #expect(try await platform.client.request("GET", "/v1/files/c").body == bytes)
        }
    }

    @Test("a body goes to its file as it comes, and is collected nowhere")
    func streamed() async throws {
        try await TestPlatform.run { platform in
            let raw = try RawConnection(port: platform.server.port)
            raw.send(platform.putHead("s", "Transfer-Encoding: chunked"))
            let part = String(repeating: "x", count: 1000)
            for count in 1...3 {
                raw.send("3e8\r\n\(part)\r\n")
                while platform.draftSizes != [1000 * count] { await Task.yield() }
            }
            // Nobody sees a file that is not whole.
            #expect(try await platform.get("/v1/files/s").status == 404)
            raw.send("0\r\n\r\n")
            #expect(await raw.receive(until: "}").contains("201"))
            #expect(try await platform.get("/v1/files/s").text == part + part + part)
            #expect(platform.draftSizes == [])
        }
    }

    @Test("an upload whose connection breaks leaves nothing", arguments: ["Content-Length: 5000", "Transfer-Encoding: chunked"])
    func broken(_ framing: String) async throws {
        try await TestPlatform.run { platform in
            #expect(try await platform.call("PUT", "/v1/files/kept", "old").status == 201)
            for path in ["kept", "new/below"] {
                var raw: RawConnection? = try RawConnection(port: platform.server.port)
                raw?.send(platform.putHead(path, framing) + (framing.hasPrefix("T") ? "3\r\nnew\r\n" : "new"))
                while platform.draftSizes != [3] { await Task.yield() }
                raw = nil
                while platform.draftSizes != [] { await Task.yield() }
            }
            #expect(try await platform.get("/v1/files/kept").text == "old")
            #expect(platform.filesOnDisk == ["kept"])
        }
    }

    @Test("what a crash left of an upload is gone after the next start, and the files are there")
    func restart() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await TestPlatform.run(in: folder) { platform in
            _ = try await platform.call("PUT", "/v1/files/a/b", "kept")
            try touch(platform.engine.stateFolder + "/files/.uploads/left")
        }
        try await TestPlatform.run(in: folder) { platform in
            #expect(platform.draftSizes == [])
            let kept = try await platform.get("/v1/files/a/b")
            #expect(kept.text == "kept")
        }
    }

    @Test("a second PUT replaces, and who reads the old file reads it to its end")
    func replaced() async throws {
        try await TestPlatform.run { platform in
            let old = randomBytes(8 << 20)
            #expect(try await platform.client.request("PUT", "/v1/files/f", body: old).status == 201)
            let reader = try platform.engine.files.open(FilePath("f"), tenant: platform.tenant)
            #expect(try await platform.call("PUT", "/v1/files/f", "new").status == 200)
            #expect(reader.all.all() == old)
            #expect(try await platform.get("/v1/files/f").text == "new")
        }
    }

    @Test("a path that leads out, or is none, is refused in one line, by every method")
    func confined() async throws {
        try await TestPlatform.run { platform in
            let outside = platform.engine.stateFolder + "/token"
            let token = try String(contentsOfFile: outside, encoding: .utf8)
            for path in [
                "..", "../token", "a/../../../token", "%2e%2e/token", "%2E%2E%2F%2E%2E%2Ftoken", "..%2f..%2ftoken", "/etc/passwd", "%2Fetc%2Fpasswd",
                "a//b", "a/", "./a", "a/./b", "a%00b", "%00", "a%ffb", "%zz", "..%2F%CC%81x", String(repeating: "x", count: 256),
                String(repeating: "x/", count: 600) + "x",
            ] {
                for method in ["PUT", "GET", "DELETE"] {
                    let answer = try await platform.call(method, "/v1/files/\(path)", method == "PUT" ? "evil" : nil)
                    #expect(answer.status == 422, "\(method) \(path)")
                    #expect(answer.string("error.code") == "invalid")
                    #expect(answer.string("error.message")?.contains { $0.isNewline } == false, "\(method) \(path)")
                }
            }
            #expect(try String(contentsOfFile: outside, encoding: .utf8) == token)
            #expect(platform.filesOnDisk == [])
        }
    }

    @Test("no link is followed, whether on the way or at the end")
    func links() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.call("PUT", "/v1/files/own", "own")
            let root = platform.tenantFolder
            let outside = TemporaryFolder()
            try Data("secret".utf8).write(to: URL(fileURLWithPath: outside.path + "/file"))
            try FileManager.default.createSymbolicLink(atPath: root + "/out", withDestinationPath: outside.path)
            try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: outside.path + "/file")
            for path in ["out/file", "out/new", "link", "out"] {
                for method in ["PUT", "GET", "DELETE"] {
                    let answer = try await platform.call(method, "/v1/files/\(path)", method == "PUT" ? "evil" : nil)
                    #expect(answer.status == 422 && answer.string("error.message")?.contains("link") == true, "\(method) \(path)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["file"])
            #expect(try String(contentsOfFile: outside.path + "/file", encoding: .utf8) == "secret")
            #expect(try await platform.get("/v1/files").text == #"{"files":[{"path":"own","size":3}],"next_cursor":null}"#)
        }
    }

    @Test("a folder is no file and a file no folder: 409 says which")
    func conflicts() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.call("PUT", "/v1/files/a/b/c", "x")
            for (method, path, part) in [
                ("PUT", "a/b", "is a folder"), ("PUT", "a/b/c/d", "\"a/b/c\" is a file"), ("GET", "a", "is a folder"),
                ("GET", "a/b/c/d/e", "\"a/b/c\" is a file"), ("DELETE", "a/b", "is a folder"),
            ] {
                let answer = try await platform.call(method, "/v1/files/\(path)", method == "PUT" ? "y" : nil)
                #expect(answer.status == 409 && answer.string("error.code") == "conflict", "\(method) \(path)")
                #expect(answer.string("error.message")?.contains(part) == true, "\(method) \(path)")
            }
            #expect(platform.filesOnDisk == ["a/b/c"])
        }
    }

    @Test("DELETE removes a file, and folders that are empty without it; what is not there is 404")
    func deleted() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.call("PUT", "/v1/files/a/b/c", "x")
            _ = try await platform.call("PUT", "/v1/files/a/d", "x")
            #expect(try await platform.call("DELETE", "/v1/files/a/b/c").text == #"{"deleted":true}"#)
            for method in ["DELETE", "GET"] { #expect(try await platform.call(method, "/v1/files/a/b/c").status == 404) }
            #expect(platform.filesOnDisk == ["a/d"])
            #expect(try await platform.call("PUT", "/v1/files/a/b", "now a file").status == 201)
        }
    }

    @Test("one range of a file comes as 206, one behind its end as 416")
    func ranges() async throws {
        try await TestPlatform.run { platform in
            let text = "0123456789"
            _ = try await platform.call("PUT", "/v1/files/f", text)
            _ = try await platform.call("PUT", "/v1/files/empty", "")
            let tag = try #require(try await platform.get("/v1/files/f").response.header("ETag"))
            for (range, body, place) in [
                ("bytes=0-3", "0123", "0-3"), ("bytes=7-", "789", "7-9"), ("bytes=-2", "89", "8-9"), ("bytes=-99", text, "0-9"),
                ("bytes=5-99999999999999999999999", "56789", "5-9"), ("bytes=9-9223372036854775807", "9", "9-9"),
            ] {
                let answer = try await platform.call("GET", "/v1/files/f", headers: [("Range", range)])
                #expect(answer.status == 206 && answer.text == body, "\(range)")
                #expect(answer.response.header("Content-Range") == "bytes \(place)/10", "\(range)")
            }
            for (range, path, size) in [("bytes=10-", "f", 10), ("bytes=99999999999999999999-", "f", 10), ("bytes=-0", "f", 10), ("bytes=0-", "empty", 0)] {
                let answer = try await platform.call("GET", "/v1/files/\(path)", headers: [("Range", range)])
                #expect(answer.status == 416 && answer.response.header("Content-Range") == "bytes */\(size)", "\(range)")
                #expect(answer.string("error.code") == "range_not_satisfiable")
            }
            for range in ["bytes=3-1", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=0-1,3-4"] {
                let answer = try await platform.call("GET", "/v1/files/f", headers: [("Range", range)])
                #expect(answer.status == 200 && answer.text == text, "\(range)")
            }
            for (condition, status) in [(tag, 206), ("\"another\"", 200)] {
                let answer = try await platform.call("GET", "/v1/files/f", headers: [("Range", "bytes=0-0"), ("If-Range", condition)])
                #expect(answer.status == status)
            }
        }
    }

    @Test("the list is sorted by path, page by page, below a prefix; of each tenant its own")
    func listed() async throws {
        try await TestPlatform.run { platform in
            #expect(try await platform.get("/v1/files").text == #"{"files":[],"next_cursor":null}"#)
            let paths = ["a", "a-b", "a.d/x", "b/1", "b/2/3", "b/2/4", "b0", "é/漢 🦊", "z%"]
            for path in paths.reversed() {
                let encoded = try #require(path.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                #expect(try await platform.call("PUT", "/v1/files/\(encoded)", "12").status == 201)
                #expect(try await platform.get("/v1/files/\(encoded)").text == "12")
            }
            #expect(try await platform.get("/v1/files/").filePaths.sorted() == paths.sorted())
            var pages: [[String]] = []
            var query = "?limit=2"
            repeat {
                let page = try await platform.get("/v1/files\(query)")
                pages.append(page.filePaths)
                let next = page.string("next_cursor")?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                query = next.map { "?limit=2&cursor=\($0)" } ?? ""
            } while !query.isEmpty
            #expect(pages == [["a", "a-b"], ["a.d/x", "b/1"], ["b/2/3", "b/2/4"], ["b0", "z%"], ["é/漢 🦊"]])
            #expect(try await platform.get("/v1/files?prefix=b/").filePaths == ["b/1", "b/2/3", "b/2/4"])
            #expect(try await platform.get("/v1/files/?prefix=b/2&limit=1").filePaths == ["b/2/3"])
            #expect(try await platform.get("/v1/files?limit=0").status == 422)

            let bob = try await platform.engine.addTenant(Tenant(name: "../bob"))
            let client = try NativeClient(endpoint: platform.server.endpoint, token: bob.text)
            #expect(try await client.request("GET", "/v1/files/a").status == 404)
            #expect(try await client.request("PUT", "/v1/files/a", body: [1]).status == 201)
            #expect(JSON(try await client.request("GET", "/v1/files")).filePaths == ["a"])
            #expect(try await platform.get("/v1/files/a").text == "12")
        }
    }

    @Test("a full disk refuses an upload, and nothing of it is left")
    func fullDisk() async throws {
        var configuration = TestPlatform.configuration(TemporaryFolder())
        configuration.fileWriting = { descriptor, bytes in
            lseek(descriptor, 0, SEEK_CUR) + off_t(bytes.count) > 1 << 20 ? ENOSPC : FileUpload.append(descriptor, bytes)
        }
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        configuration.stateFolder = folder.path + "/state"
        try await TestPlatform.run(configuration) { platform in
            _ = try await platform.call("PUT", "/v1/files/f", "old")
            for path in ["f", "new/f"] {
                let answer = JSON(try await platform.client.request("PUT", "/v1/files/\(path)", body: randomBytes(2 << 20)))
                #expect(answer.status == 503 && answer.string("error.code") == "unavailable")
                #expect(answer.string("error.message")?.hasPrefix("the disk is full") == true)
            }
            #expect(platform.filesOnDisk == ["f"] && platform.draftSizes == [])
            #expect(try await platform.get("/v1/files/f").text == "old")
        }
    }

    @Test("a file that says it is too large is refused unread, one that is large is asked for")
    func announced() async throws {
        try await TestPlatform.run { platform in
            let huge = try RawConnection(port: platform.server.port)
            huge.send(platform.putHead("f", "Expect: 100-continue\r\nContent-Length: 60000000000"))
            let refusal = await huge.receive(until: "}}")
            #expect(refusal.hasPrefix("HTTP/1.1 413 ") && refusal.contains("too_large"))
            let large = try RawConnection(port: platform.server.port)
            large.send(platform.putHead("f", "Expect: 100-continue\r\nContent-Length: 50000000"))
            #expect(await large.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
        }
    }

    @Test("uploads and removals of neighbours at once lose nothing")
    func concurrent() async throws {
        try await TestPlatform.run { platform in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let path = "/v1/files/shared/way/\(number)"
                        for _ in 0..<20 {
                            let put = try await platform.call("PUT", path, "x")
                            let deleted = try await platform.call("DELETE", path)
                            #expect(put.status == 201 && deleted.status == 200)
                        }
                        let last = try await platform.call("PUT", path, "x")
                        #expect(last.status == 201)
                    }
                }
                try await group.waitForAll()
            }
            #expect(platform.filesOnDisk == (0..<8).map { "shared/way/\($0)" })
        }
    }
}

/// Bytes without a pattern, so that a part that is lost or doubled shows.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<(count + 7) / 8).flatMap { _ in withUnsafeBytes(of: generator.next() as UInt64) { Array($0) } }.prefix(count) + []
}

extension JSON {
    /// The paths of a list of files.
    var filePaths: [String] { (self["files"] as? [[String: Any]] ?? []).compactMap { $0["path"] as? String } }
}

extension TestPlatform {
    var tenantFolder: String { engine.stateFolder + "/files/" + tenant.name }

    /// The sizes of what is being uploaded.
    var draftSizes: [Int] {
        let drafts = engine.stateFolder + "/files/.uploads"
        return ((try? FileManager.default.contentsOfDirectory(atPath: drafts)) ?? []).compactMap { name in
            (try? FileManager.default.attributesOfItem(atPath: "\(drafts)/\(name)")[.size] as? Int) ?? nil
        }
    }

    /// The files and the empty folders of the tenant, as they lie on the disk.
    var filesOnDisk: [String] {
        let names = FileManager.default.enumerator(atPath: tenantFolder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in !names.contains { $0.hasPrefix("\(name)/") } }.sorted()
    }

    func putHead(_ path: String, _ more: String) -> String {
        let token = engine.tenants.token(of: tenant)?.text ?? ""
        return "PUT /v1/files/\(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\(more)\r\n\r\n"
    }

    /// The head of the answer to a HEAD.
    func rawHead(_ path: String) async throws -> String {
        let raw = try RawConnection(port: server.port)
        let token = engine.tenants.token(of: tenant)?.text ?? ""
        raw.send("HEAD \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(token)\r\n\r\n")
        return await raw.receive()
    }
}
