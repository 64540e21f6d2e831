/// Writes flat JSON quickly, for the events that come with every job; everything is read back by `JSONDecoder`.
struct JSONWriter {
    private var bytes: [UInt8] = []
    private var isFirst = true

    /// The text of an object with the fields that `fill` writes.
    static func object(_ fill: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.open(fill)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    mutating func field(_ name: String, _ value: String?) {
        guard let value else { return }
        start(name)
        quote(value)
    }

    mutating func field(_ name: String, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        start(name)
        bytes += String(value).utf8
    }

    /// A number that JSON cannot say is left out, as nil is.
    mutating func field(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        start(name)
        bytes += value.description.utf8
    }

    mutating func field(_ name: String, _ value: Bool) {
        start(name)
        bytes += (value ? "true" : "false").utf8
    }

    mutating func field(_ name: String, _ values: [String]) {
        start(name)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            quote(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func field(_ name: String, _ values: [String: String]) {
        object(name) { $0.fields(values) }
    }

    mutating func fields(_ values: [String: String]) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { field(name, value) }
    }

    mutating func object(_ name: String, _ fill: (inout JSONWriter) -> Void) {
        start(name)
        open(fill)
        isFirst = false
    }

    private mutating func open(_ fill: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        fill(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func start(_ name: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        quote(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += #"\""#.utf8
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
            case 0..<0x20: bytes += escape(byte).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func escape(_ byte: UInt8) -> String {
        (byte < 0x10 ? #"\u000"# : #"\u00"#) + String(byte, radix: 16)
    }
}
