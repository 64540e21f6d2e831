/// The framing between engine and node: a length, a type and fields. Integers are little-endian, texts and lists carry their length first.
enum Wire {
    /// The most that one message may hold: the code of a job is the largest thing in it.
    static let frameBytesMax = 64 * 1024 * 1024
    /// The most entries of one list in a message.
    static let listCountMax = 65_536
    static let lengthBytes = 4
}

/// A message that does not keep to the framing: the other side is broken or of another version.
struct WireError: Error, Sendable, CustomStringConvertible {
    var description: String
}

/// Writes one message.
struct WireWriter {
    private(set) var bytes: [UInt8] = [0, 0, 0, 0]

    init(type: UInt8) { bytes.append(type) }

    mutating func put(_ value: UInt8) { bytes.append(value) }
    mutating func put(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func put(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func put(_ value: Int32) { put(UInt32(bitPattern: value)) }
    mutating func put(_ value: Int64) { put(UInt64(bitPattern: value)) }
    mutating func put(_ value: Double) { put(value.bitPattern) }
    mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func put(_ value: [UInt8]) {
        put(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func put(_ value: String) {
        put(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func put<Value>(_ value: Value?, _ write: (inout WireWriter, Value) -> Void) {
        put(value != nil)
        if let value { write(&self, value) }
    }

    mutating func put<Element>(list: [Element], _ write: (inout WireWriter, Element) -> Void) {
        put(UInt32(list.count))
        for element in list { write(&self, element) }
    }

    /// The message with its length in front.
    consuming func frame() -> [UInt8] {
        withUnsafeBytes(of: UInt32(bytes.count - Wire.lengthBytes).littleEndian) { bytes.replaceSubrange(0..<Wire.lengthBytes, with: $0) }
        return bytes
    }
}

/// Reads one message, never beyond its end.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ frame: ArraySlice<UInt8>) { rest = frame }

    mutating func byte() throws(WireError) -> UInt8 {
        guard let first = rest.popFirst() else { throw WireError(description: "a message ends too early") }
        return first
    }

    mutating func bool() throws(WireError) -> Bool { try byte() != 0 }

    mutating func uint32() throws(WireError) -> UInt32 {
        let raw = try take(4)
        return raw.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func uint64() throws(WireError) -> UInt64 {
        let raw = try take(8)
        return raw.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func int32() throws(WireError) -> Int32 { Int32(bitPattern: try uint32()) }
    mutating func int64() throws(WireError) -> Int64 { Int64(bitPattern: try uint64()) }
    mutating func double() throws(WireError) -> Double { Double(bitPattern: try uint64()) }
    mutating func bytes() throws(WireError) -> [UInt8] { Array(try take(Int(try uint32()))) }
    mutating func text() throws(WireError) -> String { String(decoding: try take(Int(try uint32())), as: UTF8.self) }

    mutating func optional<Value>(_ read: (inout WireReader) throws(WireError) -> Value) throws(WireError) -> Value? {
        try bool() ? try read(&self) : nil
    }

    mutating func list<Element>(_ read: (inout WireReader) throws(WireError) -> Element) throws(WireError) -> [Element] {
        let count = Int(try uint32())
        guard count <= Wire.listCountMax else { throw WireError(description: "a message lists \(count) entries, more than \(Wire.listCountMax)") }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    private mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw WireError(description: "a message ends too early") }
        let part = rest.prefix(count)
        rest = rest.dropFirst(count)
        return part
    }
}

/// Cuts what a socket delivers into messages.
struct FrameBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ received: UnsafeRawBufferPointer) { bytes.append(contentsOf: received) }

    /// The next whole message without its length; nil when more bytes must come first.
    mutating func next() throws(WireError) -> ArraySlice<UInt8>? {
        let body = start + Wire.lengthBytes
        guard bytes.count >= body else { return compacted() }
        let length = bytes[start..<body].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= Wire.frameBytesMax else { throw WireError(description: "a message of \(length) bytes") }
        guard bytes.count >= body + length else { return compacted() }
        start = body + length
        return bytes[body..<start]
    }

    private mutating func compacted() -> ArraySlice<UInt8>? {
        bytes.removeFirst(start)
        start = 0
        return nil
    }
}
