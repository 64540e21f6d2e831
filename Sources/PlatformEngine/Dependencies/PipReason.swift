import Foundation

/// Finds in pip's output the lines that tell why it failed.
enum PipReason {
    /// One line.
    static func reason(in output: String) -> String {
        let lines = output.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        var found: [String] = []
        for line in lines where line.hasPrefix(mark) && !line.hasPrefix(mark + "ResolutionImpossible") {
            found.append(String(line.dropFirst(mark.count)))
        }
        if let start = lines.firstIndex(of: "The conflict is caused by:") {
            // Its first line ends like a sentence.
            let causes = lines[(start + 1)...].prefix { !$0.hasPrefix("To fix this") && !$0.hasPrefix("Additionally,") && !$0.hasPrefix(mark) }
            found = [found.first.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }, causes.joined(separator: ", ")].compactMap { $0 }
        }
        if found.isEmpty { found = lines.suffix(1) }
        let text = found.prefix(linesMax).joined(separator: "; ")
        return text.isEmpty ? "pip ended without a word" : String(text.prefix(lengthMax))
    }

    /// Whether it tried an address as often as it does, and got no answer. It says so when it tries again, and not that it was in vain.
    static func gaveUpOnAnAddress(_ output: String) -> Bool { output.contains("Retrying (Retry(total=0,") }

    /// A URL's host and port: its user and password are nobody's business.
    static func place(of index: String) -> String {
        guard let url = URLComponents(string: index), let host = url.host else { return "that address" }
        return host + (url.port.map { ":\($0)" } ?? "")
    }

    private static let mark = "ERROR: "
    private static let linesMax = 2
    private static let lengthMax = 600
}
