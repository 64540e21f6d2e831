/// What a load needs of a job's JSON: two of its text fields, without a parser.
enum JobBody {
    static func id(_ body: UnsafeRawBufferPointer) throws(BenchError) -> String { try text(#""id""#, body) }

    static func status(_ body: UnsafeRawBufferPointer) throws(BenchError) -> String { try text(#""status""#, body) }

    static func hasEnded(_ status: String) -> Bool { ["succeeded", "failed", "cancelled"].contains(status) }

    /// The first field of that name: a job's own ones come before those of its parts.
    private static func text(_ key: StaticString, _ body: UnsafeRawBufferPointer) throws(BenchError) -> String {
        guard let found = find(key, in: body) else {
            throw .notMeasured("an answer has no \(key): \(String(decoding: body.prefix(200), as: UTF8.self))")
        }
        let value = body[(found + key.utf8CodeUnitCount)...].drop { $0 != UInt8(ascii: "\"") }.dropFirst()
        return String(decoding: value.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}
