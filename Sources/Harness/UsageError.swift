/// The user's mistake: one line that names what, where and what would be right. Ends the program with exit code 2.
public struct UsageError: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
