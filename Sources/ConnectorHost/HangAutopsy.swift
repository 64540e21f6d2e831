import Foundation

/// Reads the stacks that a stalled guest wrote, and keeps what tells where the connector waits.
enum HangAutopsy {
    /// A real-time signal that hardly any program uses.
    static let signal: Int32 = 41

    struct Frame: Hashable {
        var file: String
        var line: String
        var function: String
    }

    /// Asks that process for its stacks and waits until they are written, for up to a second. Blocks: not for the shared pool.
    static func stacks(of pid: Int32, dump: String) -> String {
        guard kill(pid, signal) == 0 else { return "" }
        var last = ""
        for _ in 0..<100 {
            usleep(10_000)
            let text = (try? String(contentsOfFile: dump, encoding: .utf8)) ?? ""
            if !text.isEmpty, text == last { break }
            last = text
        }
        return last
    }

    /// For each thread that is inside the connector: its frames, outermost first, and what the innermost one waits in.
    /// Where no thread is, the whole dump without addresses.
    static func summary(of dump: String, root: String) -> String {
        let threads = parse(dump)
        let own = threads.compactMap { lines(of: $0, root: root) }
        // Threads of one parallel call often wait at one place.
        var seen = Set<[String]>()
        let distinct = own.filter { seen.insert($0).inserted }
        let chosen = distinct.isEmpty ? threads.map { $0.reversed().map(shown) } : distinct
        return chosen.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// Innermost first, as Python writes them.
    static func parse(_ dump: String) -> [[Frame]] {
        var threads: [[Frame]] = []
        for line in dump.split(separator: "\n") {
            if line.hasSuffix("(most recent call first):") {
                threads.append([])
            } else if let frame = frame(line), !threads.isEmpty {
                threads[threads.count - 1].append(frame)
            }
        }
        return threads.filter { !$0.isEmpty }
    }

    /// `  File "/x/acme.py", line 41 in submit_job`
    private static func frame(_ line: Substring) -> Frame? {
        guard line.hasPrefix("  File \""), let end = line.range(of: "\", line ", options: .backwards) else { return nil }
        let file = line[line.index(line.startIndex, offsetBy: 8)..<end.lowerBound]
        guard let split = line[end.upperBound...].range(of: " in ") else { return nil }
        return Frame(
            file: String(file), line: String(line[end.upperBound..<split.lowerBound]), function: String(line[split.upperBound...]))
    }

    private static func lines(of thread: [Frame], root: String) -> [String]? {
        guard !root.isEmpty else { return nil }
        let inside = thread.filter { $0.file.hasPrefix(root + "/") && !$0.file.dropFirst(root.count).contains("/site-packages/") }
        guard let innermost = inside.first, let depth = thread.firstIndex(of: innermost) else { return nil }
        var lines = inside.reversed().map { "\($0.file.dropFirst(root.count + 1)):\($0.line) \($0.function)" }
        if depth > 0 {
            lines.append("waits in " + thread[..<depth].reversed().map(shown).joined(separator: " > "))
        }
        return lines
    }

    private static func shown(_ frame: Frame) -> String {
        let file = frame.file.split(separator: "/").suffix(2).joined(separator: "/")
        return "\(file):\(frame.line) \(frame.function)"
    }
}
