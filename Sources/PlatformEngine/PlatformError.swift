import JobHistory

/// What the platform refuses a client, with a code of the API and one clear line.
public struct PlatformError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case unauthenticated, forbidden, conflict, invalid, unavailable
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case tooLarge = "too_large"
        case quotaExceeded = "quota_exceeded"
        case rangeNotSatisfiable = "range_not_satisfiable"
        case `internal` = "internal"
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public static func invalid(_ message: String) -> PlatformError { PlatformError(.invalid, message) }

    public var description: String { message }

    static func noSuchJob(_ id: String) -> PlatformError { PlatformError(.notFound, "there is no job \"\(id.prefix(80))\"") }

    /// A refusal of the core, whose codes are the API's.
    init(refusal code: String, _ message: String) {
        self.init(Code(rawValue: code) ?? .internal, message)
    }

    init(_ error: HistoryError) {
        switch error {
        case .full: self.init(.unavailable, "the disk is full: \(error)")
        case .busy, .interrupted, .unwritable: self.init(.unavailable, "\(error)")
        case .newer, .older, .corrupt, .foreign, .failed: self.init(.internal, "\(error)")
        }
    }
}
