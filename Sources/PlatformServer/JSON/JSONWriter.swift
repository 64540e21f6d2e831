import NIOCore
import PlatformEngine
import Simulation

/// Writes JSON straight into a buffer: no tree of values on the way of an answer.
///
///     var json = JSONWriter()
///     json.object { json in json.field("id", record.id) }
struct JSONWriter {
    /// Bytes and not a `ByteBuffer`: an answer is a few hundred small pieces, and an array takes one in a fraction of the time.
    private var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
    }

    var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    mutating func object(_ fields: (inout JSONWriter) -> Void) { enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), fields) }
    mutating func array(_ elements: (inout JSONWriter) -> Void) { enclose(UInt8(ascii: "["), UInt8(ascii: "]"), elements) }

    /// Begins a field of an object; its value is what is written next.
    mutating func key(_ name: String) {
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func null() { literal("null") }
    mutating func value(_ value: Bool) { literal(value ? "true" : "false") }
    mutating func value(_ value: Int64) { literal(String(value)) }
    mutating func value(_ value: Int) { literal(String(value)) }
    mutating func value(_ value: Double) { value.isFinite ? literal("\(value)") : null() }

    mutating func value(_ value: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        value.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func value(_ value: String) {
        separate()
        quoted(value)
    }

    /// Text that is JSON already.
    mutating func raw(_ text: String) { literal(text) }

    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): self.value(value)
        case .int(let value): self.value(value)
        case .double(let value): self.value(value)
        case .string(let value): self.value(value)
        case .array(let elements): array { json in for element in elements { json.value(element) } }
        case .object(let fields):
            object { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                    json.key(name)
                    json.value(value)
                }
            }
        }
    }

    mutating func field(_ name: String, _ value: String?) { key(name); value.map { self.value($0) } ?? null() }
    mutating func field(_ name: String, _ value: Int64?) { key(name); value.map { self.value($0) } ?? null() }
    mutating func field(_ name: String, _ value: Int) { key(name); self.value(value) }
    mutating func field(_ name: String, _ value: Int32?) { field(name, value.map { Int64($0) }) }
    mutating func field(_ name: String, _ value: Double?) { key(name); value.map { self.value($0) } ?? null() }
    mutating func field(_ name: String, _ value: Bool) { key(name); self.value(value) }
    mutating func field(_ name: String, _ value: Timestamp?) { key(name); value.map { self.value($0) } ?? null() }

    mutating func field(_ name: String, _ values: [String: String]) {
        key(name)
        object { json in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        }
    }

    private mutating func enclose(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        content(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isPlain = text.utf8.withContiguousStorageIfAvailable { text in
            for byte in text where Self.mustBeEscaped(byte) { return false }
            bytes.append(contentsOf: text)
            return true
        }
        if isPlain != true { escaped(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    private mutating func escaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes += [0x5C, 0x22]
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20: bytes += Array("\\u00".utf8) + [Self.hex(byte >> 4), Self.hex(byte & 15)]
            default: bytes.append(byte)
            }
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }
}
