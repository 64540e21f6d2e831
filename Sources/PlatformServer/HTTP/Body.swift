import Foundation
import Hummingbird
import NIOCore
import PlatformEngine

extension Call {
    /// The whole body as JSON. A body over `limit` bytes is refused before it is read; what comes of it is thrown away in small parts.
    ///
    /// - Throws: `tooLarge`, or `invalid` when it is not JSON.
    func json(limit: Int) async throws -> JSONValue {
        let bytes = try await body(limit: limit)
        guard bytes.readableBytes > 0 else { throw PlatformError.invalid("the body is empty; it must be a JSON object") }
        guard let value = JSONValue.parse(Data(bytes.readableBytesView)) else {
            throw PlatformError.invalid("the body is not valid JSON; it must be a JSON object")
        }
        return value
    }

    private func body(limit: Int) async throws -> ByteBuffer {
        let tooLarge = PlatformError(.tooLarge, "the body is larger than \(limit) bytes, the most that this route takes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        var whole = ByteBuffer()
        for try await part in request.body {
            guard whole.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            whole.writeImmutableBuffer(part)
        }
        return whole
    }
}
