/// Where the packages come from that jobs depend on. Without any, jobs with dependencies are refused.
public struct DependencySource: Sendable, Hashable {
    /// What becomes of a job whose requirements cannot be had.
    public enum Missing: String, Sendable, Hashable, CaseIterable {
        /// Its submission is answered once the packages are there, and refused where they cannot be had.
        case reject
        /// It is taken, and fails without ever being started.
        case fail
    }

    /// A folder of wheels.
    public var wheels: String?
    /// The URL of a package index. Nil: the network is never asked.
    public var index: String?
    public var missing: Missing

    public init(wheels: String? = nil, index: String? = nil, missing: Missing = .reject) {
        self.wheels = wheels
        self.index = index
        self.missing = missing
    }

    var isEmpty: Bool { wheels == nil && index == nil }
}

/// Why the packages of a job could not be had: one line.
struct DependencyFailure: Error, Sendable, Hashable, CustomStringConvertible {
    var description: String
    /// Whether the platform lacks something, rather than the requirements being at fault.
    var isOfThePlatform = false
}
