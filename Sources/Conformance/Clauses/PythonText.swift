import Recording

/// Short phrases for values, as Python writes them.
enum PythonText {
    static func of(_ value: Value) -> String {
        switch value {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "'\(text)'"
        case .list(let items): items.isEmpty ? "[]" : "a list"
        case .dict(let pairs): pairs.isEmpty ? "{}" : "a dict"
        default: "a value of type \(value.typeName)"
        }
    }
}

extension Inspection {
    /// What the look of that name found in the `neural` package.
    func finding(_ name: String) -> Value? { neural.first { $0.name == name }?.value }
}
