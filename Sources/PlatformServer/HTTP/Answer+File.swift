import Hummingbird
import PlatformEngine

extension Answer {
    /// A file, or the part of it that the request asks for.
    static func file(_ content: FileContent, to call: Call) -> Answer {
        let size = content.sizeBytes
        let tag = "\"\(content.tag)\""
        // A range of a state that is gone is of no use to the client.
        let isCurrent = call.request.headers[.ifRange].map { $0 == tag } ?? true
        let asked = call.request.method == .get && isCurrent ? ByteRange(call.request.headers[.range], size: size) : .all
        var answer: Answer
        switch asked {
        case .all:
            answer = Answer(contentType: bytes, body: ResponseBody(content.all))

        case .part(let range):
            answer = Answer(status: .partialContent, contentType: bytes, body: ResponseBody(content.bytes(in: range)))
            answer.headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"

        case .beyondEnd:
            answer = .error(PlatformError(.rangeNotSatisfiable, "the range begins behind the end of the file, which has \(size) bytes"))
            answer.headers[.contentRange] = "bytes */\(size)"
        }
        answer.headers[.acceptRanges] = "bytes"
        answer.headers[.eTag] = tag
        return answer
    }

    static let bytes = "application/octet-stream"
}
