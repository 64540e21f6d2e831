import Hummingbird
import NIOCore
import PlatformEngine

extension Call {
    /// The whole body as JSON. A body over `limit` bytes is refused before it is read; what comes of it is thrown away in small parts.
    ///
    /// - Throws: `tooLarge`, or `invalid` when it is not JSON or did not come whole.
    func json(limit: Int) async throws -> JSONValue {
        let bytes = try await body(limit: limit)
        guard bytes.readableBytes > 0 else { throw PlatformError.invalid("the body is empty; it must be a JSON object") }
        do throws(JSONFlaw) {
            return try bytes.withUnsafeReadableBytes { bytes throws(JSONFlaw) in
                try bytes.withMemoryRebound(to: UInt8.self) { bytes throws(JSONFlaw) in try JSONReader.read(bytes) }
            }
        } catch {
            throw PlatformError.invalid("the body is not valid JSON: \(error); it must be a JSON object")
        }
    }

    private func body(limit: Int) async throws -> ByteBuffer {
        let tooLarge = PlatformError(.tooLarge, "the body is larger than \(limit) bytes, the most that this route takes")
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, length > limit { throw tooLarge }
        var whole = ByteBuffer()
        for try await part in request.body {
            guard whole.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            whole.writeImmutableBuffer(part)
        }
        // A connection that ends within the body must not make of its beginning something that nobody sent.
        if let length, whole.readableBytes < length { throw PlatformError.invalid("the body did not come whole") }
        return whole
    }
}
