/// Clause ids on one line, neighbours drawn together: `AUTH-01..06, SUB-08`.
enum ClauseList {
    /// - Parameter ids: in the contract's order.
    static func of(_ ids: [String]) -> String {
        var runs: [(first: String, last: String)] = []
        for id in ids {
            if let last = runs.last?.last, follows(id, last) { runs[runs.count - 1].last = id } else { runs.append((id, id)) }
        }
        return runs.map { run in
            if run.first == run.last { return run.first }
            let number = run.last.drop { $0 != "-" }.dropFirst()
            return follows(run.last, run.first) ? "\(run.first), \(run.last)" : "\(run.first)..\(number)"
        }.joined(separator: ", ")
    }

    private static func follows(_ id: String, _ other: String) -> Bool {
        let (this, that) = (parts(id), parts(other))
        return this.family == that.family && this.number == that.number + 1
    }

    private static func parts(_ id: String) -> (family: Substring, number: Int) {
        let dash = id.firstIndex(of: "-") ?? id.endIndex
        return (id[..<dash], Int(id[dash...].dropFirst()) ?? 0)
    }
}
