/// Reads JSON strictly, as RFC 8259 has it and no further: no field twice in an object, no comma too many, no byte-order
/// mark, only valid UTF-8. Foundation's decoders let all of that pass.
struct JSONReader {
    /// How deep lists and objects may lie in each other.
    static let depthMax = 100

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Reads a whole text.
    ///
    /// - Throws: `JSONFlaw`, which says what is wrong and where.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFlaw) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.next == nil else { throw reader.flaw("there is more behind its end") }
        return value
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func value(depth: Int) throws(JSONFlaw) -> JSONValue {
        guard depth <= Self.depthMax else { throw flaw("it is nested deeper than \(Self.depthMax)") }
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth))
        case UInt8(ascii: "["): return .array(try array(depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
        case nil: throw flaw("it ends too early")
        default: throw flaw("a value was expected")
        }
    }

    private mutating func object(_ depth: Int) throws(JSONFlaw) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return fields }
        repeat {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw flaw("a field's name in quotes was expected") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw flaw("\":\" was expected") }
            skipSpace()
            if let place = fields.index(forKey: name) { throw Self.repeated(name, fields.keys[place], at: start) }
            fields[name] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw flaw("\",\" or \"}\" was expected") }
        return fields
    }

    /// Two spellings of a name are two names to JSON, and one to whoever reads them: neither is dropped in silence.
    private static func repeated(_ name: String, _ earlier: String, at position: Int) -> JSONFlaw {
        let field = "the field \"\(name.prefix(80))\""
        if name.utf8.elementsEqual(earlier.utf8) { return JSONFlaw("\(field) is there twice", at: position) }
        return JSONFlaw("\(field) is there in two Unicode spellings, of which the platform takes one", at: position, isJSON: true)
    }

    private mutating func array(_ depth: Int) throws(JSONFlaw) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return elements }
        repeat {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw flaw("\",\" or \"]\" was expected") }
        return elements
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFlaw) -> JSONValue {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[position...].starts(with: expected) else { throw flaw("a value was expected") }
        position += expected.count
        return value
    }

    private mutating func number() throws(JSONFlaw) -> JSONValue {
        let start = position
        _ = take("-")
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw flaw("not a number") }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw flaw("not a number") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw flaw("not a number") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw JSONFlaw("the number is too large", at: start) }
        return .double(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, Self.isDigit(byte) { position += 1 }
        return position - start
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func string() throws(JSONFlaw) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while true {
            // 1. As far as nothing is special, which is mostly all of it.
            let plain = position
            while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
            text.append(contentsOf: bytes[plain..<position])

            // 2. What ends that.
            guard let byte = next else { throw JSONFlaw("the string has no end", at: start) }
            guard byte >= 0x20 else { throw flaw("a control character in a string must be escaped") }
            position += 1
            if byte == UInt8(ascii: "\"") { break }
            try escape(into: &text)
        }
        guard let string = String(validating: text, as: UTF8.self) else { throw JSONFlaw("the string is not UTF-8", at: start) }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFlaw) {
        guard let byte = next else { throw flaw("it ends too early") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw JSONFlaw("there is no such escape", at: position - 2)
        }
    }

    /// What `\u` stands for, with the second half of a surrogate pair.
    private mutating func scalar() throws(JSONFlaw) -> Unicode.Scalar {
        let start = position - 2
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        if UTF16.isLeadSurrogate(first), take("\\"), take("u") {
            let second = try codeUnit()
            if UTF16.isTrailSurrogate(second) { return UTF16.decode(UTF16.EncodedScalar([first, second])) }
        }
        throw JSONFlaw("half a surrogate pair is no character", at: start)
    }

    private mutating func codeUnit() throws(JSONFlaw) -> UInt16 {
        guard position + 4 <= bytes.count else { throw flaw("\\u needs four hexadecimal digits") }
        var unit: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw flaw("\\u needs four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func flaw(_ what: String) -> JSONFlaw { JSONFlaw(what, at: position) }
}

/// Why a text is not JSON.
struct JSONFlaw: Error, CustomStringConvertible {
    private let what: String
    private let position: Int
    /// Whether JSON has it so, and only the platform does not.
    let isJSON: Bool

    init(_ what: String, at position: Int, isJSON: Bool = false) {
        self.what = what
        self.position = position
        self.isJSON = isJSON
    }

    /// Such as `the field "code" is there twice (at byte 13)`, counted from 0.
    var description: String { "\(what) (at byte \(position))" }
}
