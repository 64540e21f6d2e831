/// Why there was no answer. An answer with an error status is a `Response`, not an error.
public enum NativeClientError: Error, Sendable, Equatable, CustomStringConvertible {
    case badEndpoint(String)
    case nobodyListens(endpoint: String)
    case timedOut(what: String, seconds: Double)
    case connectionLost(what: String, detail: String)
    /// A part of the answer had come.
    case answerCutOff(what: String, detail: String)
    case answerTooLarge(what: String, limitBytes: Int)

    public var description: String {
        switch self {
        case .badEndpoint(let text):
            "\"\(text)\" is not an endpoint; it must look like http://127.0.0.1:8080"
        case .nobodyListens(let endpoint):
            "nobody listens at \(endpoint); start a platform with \"windtunnel serve\", or give the endpoint of one that runs"
        case .timedOut(let what, let seconds):
            "\(what) got no answer within \(seconds) s"
        case .connectionLost(let what, let detail):
            "\(what): the connection was lost before the answer came (\(detail))"
        case .answerCutOff(let what, let detail):
            "\(what): the connection was lost in the middle of the answer (\(detail))"
        case .answerTooLarge(let what, let limit):
            "\(what): the answer is larger than \(limit) bytes"
        }
    }
}
