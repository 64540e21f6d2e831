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
            if error.isJSON { throw PlatformError.invalid("the body: \(error)") }
            throw PlatformError.invalid("the body is not valid JSON: \(error); it must be a JSON object")
        }
    }

    private func body(limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        let tooLarge = PlatformError(.tooLarge, "the body is larger than \(limit) bytes, the most that this route takes")
        try await streamBody(limit: Int64(limit), tooLarge: tooLarge) { whole.writeImmutableBuffer($0) }
        return whole
    }

    /// Hands on the body part by part, as it comes.
    ///
    /// - Parameters:
    ///   - limit: the most bytes; a body that says it has more is refused before it is read.
    ///   - tooLarge: what is thrown then.
    /// - Throws: `invalid` when it did not come whole; what `take` throws.
    func streamBody(limit: Int64, tooLarge: PlatformError, _ take: (ByteBuffer) throws -> Void) async throws {
        let length = request.headers[.contentLength].flatMap { Int64($0) }
        if let length, length > limit { throw tooLarge }
        let cutShort = PlatformError.invalid("the body did not come whole, or is not valid HTTP/1.1")
        var taken: Int64 = 0
        var parts = request.body.makeAsyncIterator()
        while true {
            let part: ByteBuffer?
            // What fails here is the connection, not the platform.
            do { part = try await parts.next() } catch { throw cutShort }
            guard let part else { break }
            taken += Int64(part.readableBytes)
            guard taken <= limit else { throw tooLarge }
            try take(part)
        }
        // A connection that ends within the body must not make of its beginning something that nobody sent.
        if let length, taken < length { throw cutShort }
    }
}
