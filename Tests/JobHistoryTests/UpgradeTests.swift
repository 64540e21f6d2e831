import GRDB
import Simulation
import Testing

@testable import JobHistory

/// Files of earlier versions, as those versions wrote them.
@Suite struct UpgradeTests {
    private static let resources =
        #"{"instanceType":"standard","gpuEnabled":true,"gpuCount":2,"autoShutdown":true,"customParamsJSON":"{}"}"#

    private static func submitted(_ at: Int, _ id: String) -> String {
        """
        (\(at), '\(id)', 'submitted', '{"tenant":"ada","submission":{"code":"1","language":"python","resources":\(resources),\
        "environment":{},"dependencies":[],"labels":{}}}')
        """
    }

    private static func ended(_ at: Int, _ id: String, _ exit: String) -> String {
        """
        (\(at), '\(id)', 'processExited', '{"exit":{\(exit),"usage":{"wallSeconds":0.1,"cpuUserSeconds":0.2,"cpuSystemSeconds":0.3,\
        "readBytes":5,"writtenBytes":7,"source":"wait4","unknown":{}}}}')
        """
    }

    /// A history of version 1 with a job that succeeded, one that failed and one that runs.
    private func write(_ folder: Folder, _ ids: [String]) throws {
        let queue = try DatabaseQueue(path: folder.database)
        try Schema.migrator.migrate(queue, upTo: "1")
        let events = [
            #"(1000000, NULL, 'platformStarted', '{"settings":{"seed":1,"slots":9,"cancelGraceSeconds":2}}')"#,
            Self.submitted(2_000_000, ids[0]), Self.submitted(3_000_000, ids[1]), Self.submitted(4_000_000, ids[2]),
        ] + ids.map { "(5000000, '\($0)', 'processStarted', '{}')" } + [
            Self.ended(6_000_000, ids[0], #""code":0"#), Self.ended(7_000_000, ids[1], #""code":3"#),
        ]
        let columns = "number, id, tenant, name, status, created_at, started_at, finished_at, exit_code, error_code, error_message"
        let usage = "wall_seconds, cpu_user_seconds, cpu_system_seconds, read_bytes, written_bytes, usage_source, usage_unknown"
        let measured = "0.1, 0.2, 0.3, 5, 7, 'wait4', '{}'"
        func job(_ number: Int, _ rest: String) -> String {
            let id = ids[number - 1]
            return "(\(number), '\(id)', 'ada', '\(id)', \(rest), '\(Self.resources)', '{}', 'node-1', 1, 0)"
        }
        let jobs = [
            job(1, "'succeeded', 2000000, 5000000, 6000000, 0, NULL, NULL, \(measured)"),
            job(2, "'failed', 3000000, 5000000, 7000000, 3, 'exit', 'exited with code 3', \(measured)"),
            job(3, "'running', 4000000, 5000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"),
        ]
        try queue.write { db in
            try db.execute(sql: "INSERT INTO events (at, job, kind, payload) VALUES " + events.joined(separator: ", "))
            try db.execute(
                sql: "INSERT INTO jobs (\(columns), \(usage), resources, labels, node, launched, has_gate) VALUES "
                    + jobs.joined(separator: ", "))
            try db.execute(sql: "INSERT INTO tenants VALUES ('ada', 3)")
        }
        try queue.close()
    }

    /// The ids that the platform gives to the tenant's first jobs.
    private func ids() -> [String] {
        var state = State(settings: Settings(seed: 1, slots: 9))
        return (0..<3).compactMap { _ in
            let step = state.reduce(Event(at: Timestamp(microseconds: 1), .submitted(tenant: "ada", Submission(code: "1"))))
            guard case .accepted(let record) = step.answer else { return nil }
            return record.id
        }
    }

    @Test("a file of version 1 gets causes, charges and accounts from its log, and verifies")
    func version1() async throws {
        let folder = try Folder()
        let ids = ids()
        try write(folder, ids)
        #expect(throws: HistoryError.older(path: folder.database)) { try JobHistory.openReadOnly(path: folder.database) }
        let history = try JobHistory(path: folder.database)
        #expect(try history.verify().differences == [])
        let account = try #require(try history.live().accounts["ada"])
        #expect(account.succeeded == 1 && account.failed == 1 && account.cancelled == 0)
        #expect(account.wallSeconds == 0.2 && account.cpuSeconds == 1)
        #expect(account.readBytes == 10 && account.writtenBytes == 14)
        #expect(try history.live().live.map(\.record.status) == [.running])
        // What the reducer says of them today is what the rows say.
        var state = State()
        var last: [String: JobRecord] = [:]
        for stored in try await history.events(after: 0, limit: 100) {
            for record in state.reduce(stored.event).changed { last[record.id] = record }
        }
        for id in ids { #expect(try await history.job(id: id) == last[id]) }
        #expect(last[ids[2]]?.attempt == 1)
    }

    @Test("settings and submissions of version 1 have defaults for what they lack")
    func payloads() throws {
        let folder = try Folder()
        try write(folder, ids())
        let restored = try JobHistory(path: folder.database).live()
        #expect(restored.settings == Settings(seed: 1, nodes: 1, slots: 9, capacity: Capacity(), quota: Quota()))
        let submission = try #require(restored.live.first?.submission)
        #expect(submission.retries == 0 && submission.rate == nil)
        #expect(restored.quotas == [:])
    }
}
