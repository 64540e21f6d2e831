import Foundation

/// The `windtunnel` under test; its verb `node` is the node.
public enum TestedProgram {
    /// The one that `TESTED_WINDTUNNEL` names, else the one that was built beside the bundle of the tests.
    public static let path: String = {
        if let named = ProcessInfo.processInfo.environment["TESTED_WINDTUNNEL"] { return URL(fileURLWithPath: named).path }
        let bundle = CommandLine.arguments.last { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("windtunnel").path
    }()
}
