import Foundation

/// A table as RFC 4180 has it: fields with commas, quotes or line ends are quoted, lines end in CR LF.
enum CSV {
    static func line(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            add(field, to: &line)
        }
        return line + [0x0D, 0x0A]
    }

    private static func add(_ field: String, to line: inout [UInt8]) {
        let isPlain = field.utf8.allSatisfy { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != 0x0A && $0 != 0x0D }
        if isPlain {
            line += field.utf8
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(byte) }
            line.append(byte)
        }
        line.append(UInt8(ascii: "\""))
    }
}
