import PlatformEngine

/// Reads the fields of a client's JSON object strictly: no field that is not known, no value of another type.
/// Null stands for a field that is left out. Every error names the field by its path and says what would be right.
struct ObjectReader {
    private let path: String
    private let fields: [String: JSONValue]

    /// - Parameters:
    ///   - path: of the object, "" for the body itself.
    ///   - known: the fields that it may have.
    init(_ value: JSONValue, at path: String = "", known: [String]) throws(PlatformError) {
        guard case .object(let fields) = value else {
            let what = path.isEmpty ? "the body" : path
            throw .invalid("\(what): must be a JSON object, not \(value.kind)")
        }
        self.path = path
        self.fields = fields
        for name in fields.keys.sorted() where !known.contains(name) {
            let place = path.isEmpty ? "" : " in \(path)"
            throw .invalid("unknown field \"\(name)\"\(place); the fields are \(listed(known))")
        }
    }

    func value(_ name: String) -> JSONValue? {
        fields[name].flatMap { $0 == .null ? nil : $0 }
    }

    func string(_ name: String) throws(PlatformError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, value, "a string") }
        return text
    }

    func bool(_ name: String) throws(PlatformError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value else { throw wrong(name, value, "true or false") }
        return flag
    }

    func wholeNumber(_ name: String, in range: ClosedRange<Int64>) throws(PlatformError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard case .int(let number) = value, range.contains(number) else {
            throw wrong(name, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number above zero, whole or not.
    /// - Parameter least: a smaller one asks for what cannot be.
    func positiveNumber(_ name: String, atLeast least: Double = 0) throws(PlatformError) -> Double? {
        guard let value = value(name) else { return nil }
        let number: Double
        switch value {
        case .int(let whole) where whole > 0: number = Double(whole)
        case .double(let fraction) where fraction > 0 && fraction.isFinite: number = fraction
        default: throw wrong(name, value, "a number above 0")
        }
        guard number >= least else { throw .invalid("\(full(name)): is \(number); the smallest possible is \(least)") }
        return number
    }

    /// A number that is 0 or above, whole or not.
    func amount(_ name: String) throws(PlatformError) -> Double? {
        guard let value = value(name) else { return nil }
        switch value {
        case .int(let number) where number >= 0: return Double(number)
        case .double(let number) where number >= 0 && number.isFinite: return number
        default: throw wrong(name, value, "a number, 0 or above")
        }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _: Choice.Type) throws(PlatformError) -> Choice? {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw .invalid("\(full(name)): must be \(listed(Choice.allCases.map { "\"\($0.rawValue)\"" }, "or")), not \"\(text.prefix(40))\"")
        }
        return choice
    }

    func strings(_ name: String) throws(PlatformError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else { throw wrong(name, value, "a list of strings") }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else { throw wrong("\(name)[\(index)]", element, "a string") }
            texts.append(text)
        }
        return texts
    }

    func stringMap(_ name: String) throws(PlatformError) -> [String: String]? {
        guard let value = value(name) else { return nil }
        guard case .object(let entries) = value else { throw wrong(name, value, "an object of strings") }
        var texts: [String: String] = [:]
        for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
            guard case .string(let text) = entry else { throw wrong("\(name).\(key)", entry, "a string") }
            texts[key] = text
        }
        return texts
    }

    /// The path of a field, as errors name it.
    func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func wrong(_ name: String, _ value: JSONValue, _ right: String) -> PlatformError {
        .invalid("\(full(name)): must be \(right), not \(value.kind)")
    }
}
