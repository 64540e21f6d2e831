import Foundation
import Simulation
import Testing

@Suite("The list of jobs")
struct JobListTests {
    @Test("newest first, page by page, each job once")
    func pages() async throws {
        try await TestPlatform.run { platform in
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await platform.submit("true")) }
            #expect(try await platform.get("/v1/jobs").ids == ids.reversed())
            var pages: [[String]] = []
            var cursor: String?
            repeat {
                let page = try await platform.get("/v1/jobs?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                pages.append(page.ids)
                cursor = page.string("next_cursor")
            } while cursor != nil
            #expect(pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]])
        }
    }

    @Test("filters come before the limit")
    func filters() async throws {
        try await TestPlatform.run { platform in
            let failed = try await platform.submit("false", extra: ["name": "red"])
            let succeeded = try await platform.submit("true", extra: ["name": "green one"])
            _ = try await platform.ended(failed)
            _ = try await platform.ended(succeeded)
            #expect(try await platform.get("/v1/jobs?limit=1&status=failed").ids == [failed])
            #expect(try await platform.get("/v1/jobs?status=succeeded").ids == [succeeded])
            #expect(try await platform.get("/v1/jobs?status=cancelled").ids == [])
            #expect(try await platform.get("/v1/jobs?name=red").ids == [failed])
            #expect(try await platform.get("/v1/jobs?name=green%20one").ids == [succeeded])
        }
    }

    @Test(
        "a bad query is refused by the name of its parameter",
        arguments: [
            ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=1001", "limit"), ("limit=ten", "limit"), ("limit=", "limit"),
            ("status=done", "status"), ("cursor=x", "cursor"), ("cursor=-4", "cursor"), ("page=2", "page"),
            ("limit=1&limit=2", "limit"),
        ])
    func badQuery(query: String, named: String) async throws {
        try await TestPlatform.run { platform in
            let answer = try await platform.get("/v1/jobs?" + query)
            #expect(answer.status == 422)
            #expect(answer.string("error.code") == "invalid")
            #expect(try #require(answer.string("error.message")).contains(named))
        }
    }

    @Test("a status that was read is never taken back by the list")
    func agreesWithTheJob() async throws {
        try await TestPlatform.run { platform in
            for _ in 0..<20 {
                let id = try await platform.submit("true")
                _ = try await platform.ended(id)
                #expect(try await platform.get("/v1/jobs?limit=1&status=succeeded").ids == [id])
            }
        }
    }
}
