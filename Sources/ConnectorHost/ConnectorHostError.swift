/// Why a connector cannot be driven, in one line for a person.
public struct ConnectorHostError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // What the user configured: exit code 2.
        case reference
        case interpreterMissing = "interpreter_missing"
        case interpreterTooOld = "interpreter_too_old"
        case fileMissing = "file_missing"
        case syntaxError = "syntax_error"
        case importError = "import_error"
        case classMissing = "class_missing"
        case notAClass = "not_a_class"
        case abstractMethods = "abstract_methods"
        case constructor
        case credentialMissing = "credential_missing"
        // What hinders the measurement: exit code 3.
        /// The session is over; what a connector's call came to is never this, but `Outcome.died`.
        case sessionEnded = "session_ended"
        /// The guest itself failed, or could not be started.
        case guest
    }

    public var kind: Kind
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the user can mend it by another command line, environment or connector.
    public var isConfiguration: Bool { kind != .sessionEnded && kind != .guest }

    public var description: String { message }
}
