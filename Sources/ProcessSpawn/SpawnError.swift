import CSpawn

/// Why a process could not be started. No process is left behind.
public struct SpawnError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Step: Sendable, Hashable {
        /// A text with a NUL byte, which no program can be given.
        case request
        /// Opening a file of a standard stream.
        case open
        case clone
        case session
        /// Entering the working directory.
        case workingDirectory
        case descriptors
        case limits
        case execute
        /// Joining a cgroup.
        case group
        case processors
    }

    public var step: Step
    /// The path, or the part of the request, that it concerns.
    public var path: String
    public var errno: Int32

    public init(step: Step, path: String, errno: Int32) {
        self.step = step
        self.path = path
        self.errno = errno
    }

    /// One line for a person, such as `cannot run /opt/tool: No such file or directory`.
    public var description: String { "\(action) \(path): \(systemMessage(errno))" }

    private var action: String {
        switch step {
        case .request: "cannot pass on a text with a NUL byte to"
        case .open: "cannot open"
        case .clone: "cannot create a process for"
        case .session: "cannot start a session for"
        case .workingDirectory: "cannot enter the working directory"
        case .descriptors: "cannot pass on the descriptors of"
        case .limits: "cannot set the resource limits of"
        case .execute: "cannot run"
        case .group: "cannot join the cgroup of"
        case .processors: "cannot restrict the processors of"
        }
    }
}

/// The system's own words for an error number.
public func systemMessage(_ code: Int32) -> String {
    guard let text = cspawn_error_text(code) else { return "error \(code)" }
    return String(cString: text)
}
