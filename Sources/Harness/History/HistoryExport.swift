import JobHistory
import PlatformServer
import Simulation

/// The jobs or the events of a history as lines, oldest first, in memory that does not grow with them.
public struct HistoryExport: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// An object a line.
        case json
        case csv
    }

    public enum Subject: Sendable {
        case jobs(status: JobStatus?)
        /// Without code and environments: they may hold secrets.
        case events
    }

    private let history: JobHistory
    private let subject: Subject
    private let format: Format
    /// When a job was submitted, or an event happened.
    private let moments: Range<Timestamp>

    public init(_ history: JobHistory, _ subject: Subject, format: Format, since: Timestamp? = nil, until: Timestamp? = nil) {
        self.history = history
        self.subject = subject
        self.format = format
        let start = since ?? Timestamp(microseconds: .min)
        moments = start..<max(start, until ?? Timestamp(microseconds: .max))
    }

    /// - Parameters:
    ///   - sink: Takes whole lines; false when nobody reads any more, and the export ends.
    ///   - progress: Told how many of how many were looked at.
    /// - Returns: how many lines were written, the head of a table aside.
    @discardableResult
    public func write(to sink: ([UInt8]) throws -> Bool, progress: (Int, Int) -> Void = { _, _ in }) async throws -> Int {
        switch subject {
        case .jobs(let status): try await writeJobs(status, sink, progress)
        case .events: try await writeEvents(sink, progress)
        }
    }

    /// The status that was asked for, if any.
    /// - Throws: ``UsageError`` where there is no such status.
    public static func status(_ text: String?) throws -> JobStatus? {
        try text.map { text in
            guard let status = JobStatus(rawValue: text) else {
                let known = JobStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("--status is '\(text)'; it is one of \(known)")
            }
            return status
        }
    }

    private static let pageSize = 1_000

    private func writeJobs(_ status: JobStatus?, _ sink: ([UInt8]) throws -> Bool, _ progress: (Int, Int) -> Void) async throws -> Int {
        let total = try await history.count()
        var count = 0
        var last: Int64 = 0
        if format == .csv, try !sink(CSV.line(JobColumns.names)) { return 0 }
        while true {
            let page = try await history.oldestJobs(status: status, created: moments, after: last, limit: Self.pageSize)
            guard let end = page.last else { return count }
            guard try sink(page.flatMap(line)) else { return count }
            count += page.count
            last = end.number
            progress(count, total)
        }
    }

    private func writeEvents(_ sink: ([UInt8]) throws -> Bool, _ progress: (Int, Int) -> Void) async throws -> Int {
        let total = try await history.eventCount()
        var count = 0
        var last: Int64 = 0
        if format == .csv, try !sink(CSV.line(["sequence", "at", "event", "job", "details"])) { return 0 }
        while true {
            let page = try await history.events(in: moments, after: last, limit: Self.pageSize)
            guard let end = page.last else { return count }
            guard try sink(page.flatMap(line)) else { return count }
            count += page.count
            last = end.seq
            progress(count, total)
        }
    }

    private func line(_ record: JobRecord) -> [UInt8] {
        switch format {
        case .json: Array((JobText.json(record, tenant: true) + "\n").utf8)
        case .csv: CSV.line(JobColumns.values(record))
        }
    }

    private func line(_ event: StoredEvent) -> [UInt8] {
        switch format {
        case .json: return Array((EventText.json(event) + "\n").utf8)
        case .csv:
            let (name, details) = EventText.parts(event)
            return CSV.line(["\(event.seq)", event.event.at.rfc3339, name, event.job ?? "", details])
        }
    }
}
