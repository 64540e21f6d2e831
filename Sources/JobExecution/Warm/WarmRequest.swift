import Glibc
import ProcessSpawn

/// Which interpreter can fork a process: what its program and its C library read only when they start must be the same.
struct WarmKey: Hashable {
    var executable: String
    /// `LANG`, `LANGUAGE` and `LC_*`, as `NAME=value`.
    var locale: [String]
}

/// A spawn of `python -u SCRIPT` that a running interpreter can answer with a fork.
struct WarmRequest {
    let key: WarmKey
    let bytes: [UInt8]
    /// The two output streams, then the entries of the groups.
    let descriptors: [Int32]
    /// What a new interpreter for it begins with.
    let surroundings: [(name: String, value: String)]

    private static let bytesMax = 128 * 1024

    /// Nil for what only a fresh process can do.
    init?(_ request: SpawnRequest) {
        guard request.arguments.count == 2, request.arguments[0] == "-u", request.arguments[1].hasPrefix("/"),
            let folder = request.workingDirectory, request.inherited.isEmpty, request.newSession, request.diesWithParent,
            case .descriptor(let output) = request.standardOutput, case .descriptor(let error) = request.standardError,
            request.environment.contains(where: { $0.name == "HOME" }), request.environment.allSatisfy({ Self.isReadLater($0.name) })
        else { return nil }
        let limits = request.limits.map { "\(SpawnedProcess.number(of: $0.resource)):\($0.soft):\($0.hard)" }
        let texts = [
            folder, request.arguments[1], limits.joined(separator: ","), request.processors.map(String.init).joined(separator: ","),
        ] + request.environment.map { "\($0.name)=\($0.value)" }
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else { return nil }
        var bytes: [UInt8] = []
        for text in texts {
            bytes += text.utf8
            bytes.append(0)
        }
        guard bytes.count <= Self.bytesMax else { return nil }
        self.bytes = bytes
        let locale = request.environment.filter { Self.isLocale($0.name) }
        key = WarmKey(executable: request.executable, locale: locale.map { "\($0.name)=\($0.value)" })
        descriptors = [output, error] + request.groups
        surroundings = locale + request.environment.filter { ["PATH", "TZ"].contains($0.name) }
    }

    /// The interpreter, the loader and the allocator look at some variables only when a program starts.
    private static func isReadLater(_ name: String) -> Bool {
        let early = ["PYTHON", "LD_", "MALLOC_", "GLIBC_", "LOCPATH"]
        return !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")) && !early.contains { name.hasPrefix($0) }
    }

    private static func isLocale(_ name: String) -> Bool { name == "LANG" || name == "LANGUAGE" || name.hasPrefix("LC_") }
}
