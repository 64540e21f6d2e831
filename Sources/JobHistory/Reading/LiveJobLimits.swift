import GRDB
import Simulation

/// When the process started that runs since the last loss of the job's node; nil before that.
func startOfLastAttempt(_ db: Database, of job: String) throws -> Timestamp? {
    let statement = try db.cachedStatement(
        sql: """
            SELECT at FROM events WHERE job = ? AND kind = 'processStarted'
            AND seq > (SELECT MAX(seq) FROM events WHERE job = ? AND kind = 'nodeLost') ORDER BY seq LIMIT 1
            """)
    return try Int64.fetchOne(statement, arguments: [job, job]).map { Timestamp(microseconds: $0) }
}

/// Whether the job's time was over: it is being ended for that.
func wasOverTime(_ db: Database, _ job: String) throws -> Bool {
    let statement = try db.cachedStatement(
        sql: "SELECT \(StoredEvent.columns) FROM events WHERE job = ? AND kind = 'timerFired' ORDER BY seq")
    return try StoredEvent.fetchAll(statement, arguments: [job]).contains {
        $0.event.body == .timerFired(.timeLimit(job: job))
    }
}
