/// JSON whose keys keep their order, so that equal reports are equal texts.
indirect enum JSONText: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([JSONText])
    case object([(key: String, value: JSONText)])

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// Seconds, to the millisecond.
    static func seconds(_ seconds: Double) -> JSONText { .double((seconds * 1000).rounded() / 1000) }

    /// Indented by two blanks a level, without a line end.
    func text(indent: Int = 0) -> String {
        switch self {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .unsigned(let number): return String(number)
        // JSON has no word for these.
        case .double(let number): return number.isFinite ? "\(number)" : Self.quoted("\(number)")
        case .string(let text): return Self.quoted(text)
        case .array(let items):
            return Self.block("[", "]", items.map { $0.text(indent: indent + 2) }, indent)
        case .object(let entries):
            return Self.block("{", "}", entries.map { "\(Self.quoted($0.key)): \($0.value.text(indent: indent + 2))" }, indent)
        }
    }

    private static func block(_ open: String, _ close: String, _ items: [String], _ indent: Int) -> String {
        guard !items.isEmpty else { return open + close }
        let margin = String(repeating: " ", count: indent)
        return "\(open)\n" + items.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
