import GRDB
import Simulation

// What the events up to `seq` say of a live job.

/// When the process started that runs since the last loss of the job's node; nil before that.
func startOfLastAttempt(_ db: Database, of job: String, upTo seq: Int64) throws -> Timestamp? {
    let statement = try db.cachedStatement(
        sql: """
            SELECT at FROM events WHERE job = ?1 AND kind = 'processStarted' AND seq <= ?2
            AND seq > (SELECT MAX(seq) FROM events WHERE job = ?1 AND kind = 'nodeLost' AND seq <= ?2) ORDER BY seq LIMIT 1
            """)
    return try Int64.fetchOne(statement, arguments: [job, seq]).map { Timestamp(microseconds: $0) }
}

/// Whether the job's time was over: it is being ended for that.
func wasOverTime(_ db: Database, _ job: String, upTo seq: Int64) throws -> Bool {
    let statement = try db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM events WHERE job = ? AND kind = 'timeLimitReached' AND seq <= ?)")
    return try Bool.fetchOne(statement, arguments: [job, seq]) ?? false
}
