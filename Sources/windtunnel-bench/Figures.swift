/// What was measured: names and numbers in the order in which they were added, as one line of JSON.
struct Figures {
    private var fields: [String] = []

    mutating func add(_ name: String, _ value: Int) { fields.append("\"\(name)\": \(value)") }

    /// Kept to the millionth.
    mutating func add(_ name: String, _ value: Double) { fields.append("\"\(name)\": \((value * 1e6).rounded() / 1e6)") }

    /// - Parameter value: an identifier, of characters that JSON takes as they are.
    mutating func add(_ name: String, _ value: String) { fields.append("\"\(name)\": \"\(value)\"") }

    var json: String { "{\(fields.joined(separator: ", "))}" }
}
