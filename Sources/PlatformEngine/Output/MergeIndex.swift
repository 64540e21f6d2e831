import Foundation

/// In which order a job's two streams were merged: a text file with a line per run, such as `o 120` or `e 14`.
struct MergeIndex {
    enum Source: String, Sendable {
        case output = "o"
        case errors = "e"
    }

    private(set) var runs: [(source: Source, length: Int64)] = []
    private let path: String
    private var unsaved = ""

    init(path: String) {
        self.path = path
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        // A line without its end was being written when the platform was killed, and nobody was shown it.
        let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
        for line in whole.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let source = Source(rawValue: String(parts[0])), let length = Int64(parts[1]) else { continue }
            runs.append((source, length))
        }
        if whole.count < text.count { truncate(path, off_t(whole.utf8.count)) }
    }

    /// How many bytes of a stream are merged.
    func taken(_ source: Source) -> Int64 {
        runs.reduce(0) { $1.source == source ? $0 + $1.length : $0 }
    }

    mutating func merge(_ source: Source, upTo end: Int64) {
        let length = end - taken(source)
        guard length > 0 else { return }
        runs.append((source, length))
        unsaved += "\(source.rawValue) \(length)\n"
    }

    /// Notes what was merged, before anyone is shown it. What cannot be noted is not merged.
    mutating func save() {
        guard !unsaved.isEmpty, !append(Array(unsaved.utf8)) else { return }
        self = MergeIndex(path: path)
    }

    private func append(_ bytes: [UInt8]) -> Bool {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }
}
