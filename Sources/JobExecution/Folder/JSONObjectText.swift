/// Composes a JSON object on one line, for the small files of a node.
struct JSONObjectText {
    private var members = ""

    var text: String { "{\(members)}" }

    /// - Parameter json: the value as JSON text; nil is null.
    mutating func put(_ key: String, _ json: String?) {
        if !members.isEmpty { members += "," }
        members += "\(Self.quoted(key)):\(json ?? "null")"
    }

    mutating func put(_ key: some CodingKey, _ json: String?) { put(key.stringValue, json) }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }
}
