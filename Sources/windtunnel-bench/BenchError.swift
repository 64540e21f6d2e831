import Glibc

/// Why there is no figure, in one line.
enum BenchError: Error, CustomStringConvertible {
    /// The call itself is wrong.
    case usage(String)
    /// What was to be measured did not do its work.
    case notMeasured(String)

    /// - Parameter action: what failed, such as `connect`; the system's reason for the last failed call follows it.
    static func system(_ action: String, _ code: Int32 = errno) -> BenchError {
        .notMeasured("cannot \(action): \(String(cString: strerror(code)))")
    }

    var description: String {
        switch self {
        case .usage(let line), .notMeasured(let line): line
        }
    }

    var exitCode: Int32 {
        switch self {
        case .usage: 2
        case .notMeasured: 3
        }
    }
}
