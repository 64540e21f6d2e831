import Glibc

/// In which order a job's two streams grew: a file of marks, each a line with how long stdout and how long stderr were at one moment.
///
/// The node adds marks while the job runs, and whoever reads the log of a running job adds one for what it is about to show. Lines are only
/// appended, each in one write, and one that says less than those before it says nothing: so both may write, and what was shown stays as it was.
public enum LogOrder {
    public struct Mark: Sendable, Hashable {
        public var output: Int64
        public var errors: Int64

        public init(output: Int64 = 0, errors: Int64 = 0) {
            self.output = output
            self.errors = errors
        }

        /// Of each stream the larger.
        public func joined(with other: Mark) -> Mark { Mark(output: max(output, other.output), errors: max(errors, other.errors)) }
    }

    /// The file grows no longer, and no more of it counts: more than half a day of two streams that take turns. What comes then is shown at the end.
    static let bytesMax = 16 << 20

    /// The marks in order, none of them less than the one before. A line that is not whole is left out.
    public static func read(_ path: String) -> [Mark] {
        guard let bytes = PlainFile.read(path, upTo: bytesMax) else { return [] }
        var marks: [Mark] = []
        var last = Mark()
        var numbers: [Int64] = []
        var number: Int64?
        var isSound = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (shifted, isTooLong) = (number ?? 0).multipliedReportingOverflow(by: 10)
                number = shifted &+ Int64(byte - UInt8(ascii: "0"))
                if isTooLong || (number ?? 0) < 0 { isSound = false }
            case UInt8(ascii: " "), UInt8(ascii: "\n"):
                if let number { numbers.append(number) } else { isSound = false }
                number = nil
                guard byte == UInt8(ascii: "\n") else { continue }
                if isSound, numbers.count == 2 {
                    let mark = last.joined(with: Mark(output: numbers[0], errors: numbers[1]))
                    if mark != last { marks.append(mark) }
                    last = mark
                }
                numbers.removeAll(keepingCapacity: true)
                isSound = true
            default: isSound = false
            }
        }
        return marks
    }

    /// - Returns: whether it could be noted.
    @discardableResult
    public static func append(_ mark: Mark, to path: String) -> Bool {
        let descriptor = PlainFile.open(path, O_RDWR | O_APPEND | O_CREAT)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Half a line, which a full disk or a crash has left, would make this one unreadable.
        var last = UInt8(ascii: "\n")
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size < bytesMax else { return false }
        if status.st_size > 0 { pread(descriptor, &last, 1, status.st_size - 1) }
        let line = Array("\(last == UInt8(ascii: "\n") ? "" : "\n")\(mark.output) \(mark.errors)\n".utf8)
        return line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == line.count
    }
}

/// How many bytes of each of a job's streams are kept. It is noted in the job's folder where a stream was longer: such a stream is then one byte
/// longer than what is kept, and that byte belongs to what was dropped.
public enum LogLimit {
    /// More than any stream is long. What says more, or less than a byte, was not written by a node.
    private static let bytesMax: Int64 = 1 << 44
    private static let noteBytesMax = 64

    /// Nil where no stream was longer.
    public static func read(_ path: String) -> Int64? {
        guard let note = PlainFile.read(path, upTo: noteBytesMax) else { return nil }
        let bytes = Int64(String(decoding: note.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        return bytes.flatMap { (1...bytesMax).contains($0) ? $0 : nil }
    }

    static func write(_ bytes: Int64, to path: String) {
        do throws(FileError) { try Files.replace(path, with: Array("\(bytes)\n".utf8)) } catch { NodeLog.write(error.description) }
    }
}
