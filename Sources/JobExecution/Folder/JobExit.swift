/// A bound of a job's tree (`JobBounds`) that its node ends it for.
public enum BoundHit: UInt8, Sendable, Hashable {
    case memory
    case disk
}

/// How a job ended and what it used, as measured by its node. A figure that cannot be known is nil, and `unknown` says why.
public struct JobExit: Sendable, Hashable {
    /// The exit code of the main process, unless a signal ended it.
    public var exitCode: Int32?
    public var signal: Int32?
    /// The bound that the node ended it for, if it did.
    public var boundHit: BoundHit?
    /// Why it never ran, if it did not.
    public var launchError: String?
    /// Milliseconds since 1970.
    public var startedAtMilliseconds: Int64
    public var endedAtMilliseconds: Int64
    /// From the start of the main process to its end.
    public var wallSeconds: Double?
    /// Of the whole tree, as far as the system accounts for it.
    public var cpuUserSeconds: Double?
    public var cpuSystemSeconds: Double?
    /// Peak memory: of the whole tree where a cgroup measured it (with the page cache of its files) or the running tree was looked at (`source`
    /// says so), else of its largest process.
    public var maxRSSBytes: Int64?
    /// Through the read and write calls of the whole tree, whatever is behind them: files, pipes, sockets.
    public var readBytes: Int64?
    public var writtenBytes: Int64?
    /// How CPU and memory were measured: `cgroup`, `wait4`, or `wait4+proc` where the running tree was looked at too.
    public var source: String
    /// By the name of the figure (`max_rss_bytes`), why it is nil.
    public var unknown: [String: String]
    /// How many processes were left when the main process had ended, and were killed.
    public var killedDescendants: Int32

    public init(startedAtMilliseconds: Int64, endedAtMilliseconds: Int64) {
        self.startedAtMilliseconds = startedAtMilliseconds
        self.endedAtMilliseconds = endedAtMilliseconds
        source = "wait4"
        unknown = [:]
        killedDescendants = 0
    }

    /// A job that could not be started.
    static func launchFailure(_ message: String, atMilliseconds now: Int64) -> JobExit {
        var exit = JobExit(startedAtMilliseconds: now, endedAtMilliseconds: now)
        exit.launchError = message
        return exit
    }
}

// MARK: on the socket and in the journal

extension JobExit {
    func write(to writer: inout WireWriter) {
        writer.put(exitCode) { $0.put($1) }
        writer.put(signal) { $0.put($1) }
        writer.put(boundHit) { $0.put($1.rawValue) }
        writer.put(launchError) { $0.put($1) }
        writer.put(startedAtMilliseconds)
        writer.put(endedAtMilliseconds)
        for figure in [wallSeconds, cpuUserSeconds, cpuSystemSeconds] { writer.put(figure) { $0.put($1) } }
        for figure in [maxRSSBytes, readBytes, writtenBytes] { writer.put(figure) { $0.put($1) } }
        writer.put(source)
        writer.put(list: unknown.sorted { $0.key < $1.key }) {
            $0.put($1.key)
            $0.put($1.value)
        }
        writer.put(killedDescendants)
    }

    init(from reader: inout WireReader) throws(WireError) {
        let double = { (reader: inout WireReader) throws(WireError) in try reader.double() }
        let integer = { (reader: inout WireReader) throws(WireError) in try reader.int64() }
        exitCode = try reader.optional { reader throws(WireError) in try reader.int32() }
        signal = try reader.optional { reader throws(WireError) in try reader.int32() }
        let bound = try reader.optional { reader throws(WireError) in try reader.byte() }
        boundHit = bound.flatMap { BoundHit(rawValue: $0) }
        launchError = try reader.optional { reader throws(WireError) in try reader.text() }
        startedAtMilliseconds = try reader.int64()
        endedAtMilliseconds = try reader.int64()
        wallSeconds = try reader.optional(double)
        cpuUserSeconds = try reader.optional(double)
        cpuSystemSeconds = try reader.optional(double)
        maxRSSBytes = try reader.optional(integer)
        readBytes = try reader.optional(integer)
        writtenBytes = try reader.optional(integer)
        source = try reader.text()
        let reasons = try reader.list { reader throws(WireError) in (try reader.text(), try reader.text()) }
        unknown = Dictionary(reasons) { first, _ in first }
        killedDescendants = try reader.int32()
    }
}
