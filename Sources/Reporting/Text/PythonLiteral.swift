import Recording

/// Values as a Python user would read them back: `None`, `'text'`, `JobStatus.RUNNING`, `JobResult(job_id='…', …)`.
enum PythonLiteral {
    /// - Parameter textMax: the longest str, in characters, that is shown whole.
    static func of(_ value: Value, textMax: Int = Shortening.argumentCharactersMax) -> String {
        func text(_ value: Value) -> String { of(value, textMax: textMax) }
        return switch value {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): String(number)
        case .double(let number): double(number)
        case .string(let string): quoted(Shortening.middle(string, max: textMax))
        case .bytes(let bytes): "<\(counted(bytes.count, "byte"))>"
        case .list(let items): "[\(joined(items, text))]"
        case .tuple(let items): items.count == 1 ? "(\(joined(items, text)),)" : "(\(joined(items, text)))"
        case .dict(let pairs): "{\(joined(pairs) { "\(text($0.key)): \(text($0.value))" })}"
        case .member(let member): "\(member.type).\(member.name)"
        case .record(let record): "\(record.type)(\(joined(record.fields) { "\($0.name)=\(text($0.value))" }))"
        case .other(_, let repr): OneLine.of(Shortening.middle(repr, max: textMax))
        }
    }

    private static func joined<Item>(_ items: [Item], _ text: (Item) -> String) -> String {
        let shown = items.prefix(Shortening.itemsMax).map(text)
        let rest = items.count - shown.count
        return (shown + (rest > 0 ? ["… \(rest) more"] : [])).joined(separator: ", ")
    }

    private static func double(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return "\(number)"
    }

    /// As Python's repr: single quotes, unless only single quotes are in it.
    static func quoted(_ text: String) -> String {
        let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = quote
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case _ where String(scalar) == quote: result += "\\" + quote
            case _ where OneLine.isControl(scalar): result += OneLine.escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + quote
    }
}
