import JobHistory
import Simulation
import Testing

@Suite struct VerificationTests {
    /// A history with an ended job and a waiting one; gives the id of the ended one.
    private func history(_ folder: Folder) throws -> String {
        var platform = try Platform(try JobHistory(path: folder.database), slots: 1)
        let id = try platform.complete(code: 1, name: "train")
        _ = try platform.submit()
        _ = try platform.submit()
        try platform.history.close()
        return id
    }

    @Test("a history that was only written by the platform holds")
    func holds() throws {
        let folder = try Folder()
        _ = try history(folder)
        let found = try JobHistory(path: folder.database).verify()
        #expect(found.holds && found.differences.isEmpty)
        #expect(found.events == 6)
        #expect(found.jobs == 3)
    }

    @Test("a changed row is told with job, field, log and table", arguments: [
        ("status = 'succeeded'", "status: the log says failed, the table says succeeded"),
        ("exit_code = 2", "exit_code: the log says 1, the table says 2"),
        ("finished_at = finished_at + 1", "finished_at: the log says 4000000, the table says 4000001"),
        ("error_code = NULL", "error_code: the log says exit, the table says null"),
        ("launched = 0", "launched: the log says true, the table says false"),
        ("name = 'other'", "name: the log says train, the table says other"),
        ("attempt = 2", "attempt: the log says 1, the table says 2"),
        ("gpu_hours = 7.5, cost = 0.25", "cost: the log says null, the table says 0.25"),
    ])
    func tampered(change: String, line: String) throws {
        let folder = try Folder()
        let id = try history(folder)
        try folder.tamper("UPDATE jobs SET \(change) WHERE id = '\(id)'")
        let found = try JobHistory(path: folder.database).verify()
        #expect(found.differences.contains("\(id), \(line)"), "\(found.differences)")
        #expect(!found.holds)
    }

    @Test("rows that are missing, added or unreadable are told")
    func rows() throws {
        let folder = try Folder()
        let id = try history(folder)
        try folder.tamper(
            """
            INSERT INTO jobs SELECT 77, 'job-added', tenant, name, status, created_at, started_at, finished_at,
                cancel_requested_at, exit_code, signal, error_code, error_message, resources, labels, node,
                idempotency_key, wall_seconds, cpu_user_seconds, cpu_system_seconds, max_rss_bytes, read_bytes,
                written_bytes, usage_source, usage_unknown, launched, has_gate, cause, gpu_hours, cost, attempt FROM jobs WHERE id = '\(id)';
            DELETE FROM jobs WHERE id = '\(id)';
            UPDATE jobs SET status = 'sleeping' WHERE number = 2;
            UPDATE tenants SET submissions = 9;
            """)
        let found = try JobHistory.openReadOnly(path: folder.database).verify()
        #expect(found.differences.contains("\(id): is in the log, not in the table of jobs"))
        #expect(found.differences.contains("job-added: is in the table of jobs, not in the log"))
        #expect(found.differences.contains { $0.hasSuffix("a job's status cannot be read: sleeping") })
        #expect(found.differences.contains("tenant ada, submissions: the log says 3, the table says 9"))
        #expect(found.differenceCount == 4)
    }

    @Test("a changed account or quota is told with tenant, field, log and table", arguments: [
        ("failed = 0", "failed: the log says 1, the table says 0"),
        ("wall_seconds = 0.5", "wall_seconds: the log says 0.0, the table says 0.5"),
        ("quota = '{\"runningJobs\":3}'", "quota: the log says null, the table says {\"runningJobs\":3}"),
    ])
    func tamperedAccount(change: String, line: String) throws {
        let folder = try Folder()
        _ = try history(folder)
        try folder.tamper("UPDATE tenants SET \(change) WHERE tenant = 'ada'")
        #expect(try JobHistory.openReadOnly(path: folder.database).verify().differences == ["tenant ada, \(line)"])
    }

    @Test("an event that is missing from the log is told, even where someone got past its guard")
    func missingEvent() throws {
        let folder = try Folder()
        _ = try history(folder)
        #expect(throws: (any Error).self) { try folder.tamper("DELETE FROM events WHERE seq = 4") }
        #expect(throws: (any Error).self) { try folder.tamper("UPDATE events SET at = 0") }
        try folder.tamper("DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE seq = 4")
        let found = try JobHistory(path: folder.database).verify()
        #expect(found.differences.contains("events 4 to 4 are missing from the log"))
        #expect(!found.holds)
    }
}
