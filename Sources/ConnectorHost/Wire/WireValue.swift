import Foundation
import Recording

/// A value in the guest's JSON form, which keeps Python's types. The form is described in the guest's `values.py`.
struct WireValue: Codable, Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        let tag = try parts.decode(String.self)
        switch tag {
        case "n": value = .none
        case "z": value = .bool(try parts.decode(Bool.self))
        case "s": value = .string(try parts.decode(String.self))
        case "i": value = .int(try Self.number(try parts.decode(String.self), parts))
        case "f": value = .double(try Self.number(try parts.decode(String.self), parts))
        case "b": value = .bytes(Array(try parts.decode(Data.self)))
        case "l": value = .list(try parts.decode([WireValue].self).map(\.value))
        case "t": value = .tuple(try parts.decode([WireValue].self).map(\.value))
        case "d": value = .dict(try parts.decode([WirePair].self).map(\.pair))
        case "m":
            let type = try parts.decode(String.self)
            let name = try parts.decode(String.self)
            let inner = try parts.decode(WireValue.self).value
            value = .member(.init(type: type, name: name, value: inner, isContract: try parts.decode(Bool.self)))
        case "r":
            let type = try parts.decode(String.self)
            let isContract = try parts.decode(Bool.self)
            value = .record(.init(type: type, fields: try parts.decode([WireField].self).map(\.field), isContract: isContract))
        case "o":
            let type = try parts.decode(String.self)
            value = .other(type: type, repr: try parts.decode(String.self))
        default:
            throw DecodingError.dataCorruptedError(in: parts, debugDescription: "no value has the tag \(tag)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var parts = encoder.unkeyedContainer()
        switch value {
        case .none:
            try parts.encode("n")
        case .bool(let truth):
            try parts.encode("z")
            try parts.encode(truth)
        case .string(let text):
            try parts.encode("s")
            try parts.encode(text)
        case .int(let number):
            try parts.encode("i")
            try parts.encode(String(number))
        case .double(let number):
            try parts.encode("f")
            try parts.encode("\(number)")
        case .bytes(let bytes):
            try parts.encode("b")
            try parts.encode(Data(bytes))
        case .list(let items):
            try parts.encode("l")
            try parts.encode(items.map(WireValue.init))
        case .tuple(let items):
            try parts.encode("t")
            try parts.encode(items.map(WireValue.init))
        case .dict(let pairs):
            try parts.encode("d")
            try parts.encode(pairs.map(WirePair.init))
        case .member(let member):
            try parts.encode("m")
            try parts.encode(member.type)
            try parts.encode(member.name)
            try parts.encode(WireValue(member.value))
            try parts.encode(member.isContract)
        case .record(let record):
            try parts.encode("r")
            try parts.encode(record.type)
            try parts.encode(record.isContract)
            try parts.encode(record.fields.map(WireField.init))
        case .other(let type, let repr):
            try parts.encode("o")
            try parts.encode(type)
            try parts.encode(repr)
        }
    }

    private static func number<Number: LosslessStringConvertible>(
        _ text: String, _ parts: any UnkeyedDecodingContainer
    ) throws -> Number {
        guard let number = Number(text) else {
            throw DecodingError.dataCorruptedError(in: parts, debugDescription: "\(text) is not a number")
        }
        return number
    }
}

/// `[key, value]`.
struct WirePair: Codable, Sendable {
    var pair: Value.Pair

    init(_ pair: Value.Pair) { self.pair = pair }

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        let key = try parts.decode(WireValue.self).value
        pair = .init(key, try parts.decode(WireValue.self).value)
    }

    func encode(to encoder: any Encoder) throws {
        var parts = encoder.unkeyedContainer()
        try parts.encode(WireValue(pair.key))
        try parts.encode(WireValue(pair.value))
    }
}

/// `[name, value]`.
struct WireField: Codable, Sendable {
    var field: Value.Field

    init(_ field: Value.Field) { self.field = field }

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        let name = try parts.decode(String.self)
        field = .init(name, try parts.decode(WireValue.self).value)
    }

    func encode(to encoder: any Encoder) throws {
        var parts = encoder.unkeyedContainer()
        try parts.encode(field.name)
        try parts.encode(WireValue(field.value))
    }
}
