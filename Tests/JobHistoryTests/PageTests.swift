import GRDB
import Simulation
import Testing

@testable import JobHistory

@Suite struct PageTests {
    @Test("pages go through all jobs, newest first, each job once, also while new ones come")
    func pages() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        var expected: [String] = []
        for _ in 0..<25 { expected.insert(try platform.complete(), at: 0) }
        try platform.complete("bob")
        var seen: [String] = []
        var before: Int64?
        while let page = try await nextPage(platform.history, before) {
            seen += page.map(\.id)
            before = page.last?.number
            try platform.complete()
        }
        #expect(seen == expected)
    }

    private func nextPage(_ history: JobHistory, _ before: Int64?) async throws -> [JobRecord]? {
        let page = try await history.jobs(tenant: "ada", before: before, limit: 10)
        return page.isEmpty ? nil : page
    }

    @Test("pages can be filtered by status and by name")
    func filters() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let failed = try platform.complete(code: 1, name: "train")
        let succeeded = try platform.complete(name: "train")
        try platform.complete(name: "test")
        let history = platform.history
        #expect(try await history.jobs(tenant: "ada", status: .failed, limit: 9).map(\.id) == [failed])
        #expect(try await history.jobs(tenant: "ada", name: "train", limit: 9).map(\.id) == [succeeded, failed])
        #expect(
            try await history.jobs(tenant: "ada", status: .succeeded, name: "train", limit: 9).map(\.id) == [succeeded])
        #expect(try await history.jobs(tenant: "ada", name: "trai", limit: 9).isEmpty)
        #expect(try await history.jobs(name: "train", before: 2, limit: 9).map(\.id) == [failed])
    }

    @Test(
        "a page of a long history is read from an index, without sorting",
        arguments: [
            ("tenant = 'a'", "(tenant=? AND number<?)"),
            ("tenant = 'a' AND status = 'failed'", "(tenant=? AND status=? AND number<?)"),
            ("tenant = 'a' AND name = 'n'", "(tenant=? AND name=? AND number<?)"),
            ("number > 0", "(rowid>? AND rowid<?)"),
        ])
    func plans(filter: String, searched: String) throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        let plan = try history.pool.read { db in
            try Row.fetchAll(
                db,
                sql: "EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE \(filter) AND number < 9 ORDER BY number DESC LIMIT 10"
            ).map { $0["detail"] as String }
        }
        #expect(plan.count == 1)
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") && $0.hasSuffix(searched) }, "\(plan)")
    }
}
