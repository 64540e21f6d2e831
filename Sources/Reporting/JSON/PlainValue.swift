import Foundation
import Recording

extension JSONText {
    /// The value as plain JSON: an enum member is its value, a dataclass an object, bytes base64, anything else its repr.
    init(_ value: Value) {
        self =
            switch value {
            case .none: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .double(let number): .double(number)
            case .string(let text): .shortened(text)
            case .bytes(let bytes): .shortened(Data(bytes).base64EncodedString())
            case .list(let items), .tuple(let items): Self.items(items)
            case .dict(let pairs): .object(Self.entries(pairs.map { ($0.key.string ?? PythonLiteral.of($0.key), $0.value) }))
            case .member(let member): JSONText(member.value)
            case .record(let record): .object(Self.entries(record.fields.map { ($0.name, $0.value) }))
            case .other(_, let repr): .shortened(repr)
            }
    }

    static func shortened(_ text: String) -> JSONText { .string(Shortening.middle(text, max: Shortening.textCharactersMax)) }

    private static func items(_ items: [Value]) -> JSONText {
        let rest = items.count - Shortening.itemsMax
        let shown = items.prefix(Shortening.itemsMax).map { JSONText($0) }
        return .array(rest > 0 ? shown + [.string("… \(Shortening.grouped(rest)) items left out …")] : shown)
    }

    private static func entries(_ entries: [(String, Value)]) -> [(key: String, value: JSONText)] {
        let rest = entries.count - Shortening.itemsMax
        let shown = entries.prefix(Shortening.itemsMax).map {
            (key: Shortening.middle($0.0, max: Shortening.textCharactersMax), value: JSONText($0.1))
        }
        return rest > 0 ? shown + [(key: "…", value: .string("\(Shortening.grouped(rest)) entries left out"))] : shown
    }
}
