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
    /// The two output streams, then the entries of the groups.
    let descriptors: [Int32]
    /// What a new interpreter for it begins with.
    let surroundings: [(name: String, value: String)]
    /// Folder, script, limits and processors.
    private let texts: [String]
    /// Each variable as `NAME=value`, ended by a NUL.
    private let environment: [UInt8]
    /// Where in `environment` each variable begins.
    private let variables: [Int]

    private static let bytesMax = 128 * 1024

    /// Nil for what only a fresh process can do.
    init?(_ request: SpawnRequest) {
        guard request.arguments.count == 2, request.arguments[0] == "-u", request.arguments[1].hasPrefix("/"),
            let folder = request.workingDirectory, request.inherited.isEmpty, request.newSession, request.diesWithParent,
            case .descriptor(let output) = request.standardOutput, case .descriptor(let error) = request.standardError,
            request.environment.contains(where: { $0.name == "HOME" }), request.environment.allSatisfy({ Self.isReadLater($0.name) })
        else { return nil }
        let limits = request.limits.map { "\(SpawnedProcess.number(of: $0.resource)):\($0.soft):\($0.hard)" }
        texts = [
            folder, request.arguments[1], limits.joined(separator: ","), request.processors.map(String.init).joined(separator: ","),
        ]
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else { return nil }
        var environment: [UInt8] = []
        var variables: [Int] = []
        for (name, value) in request.environment {
            guard !name.utf8.contains(0), !value.utf8.contains(0) else { return nil }
            variables.append(environment.count)
            environment += name.utf8
            environment.append(UInt8(ascii: "="))
            environment += value.utf8
            environment.append(0)
        }
        guard environment.count <= Self.bytesMax else { return nil }
        self.environment = environment
        self.variables = variables
        let locale = request.environment.filter { Self.isLocale($0.name) }
        key = WarmKey(executable: request.executable, locale: locale.map { "\($0.name)=\($0.value)" })
        descriptors = [output, error] + request.groups
        surroundings = locale + request.environment.filter { ["PATH", "TZ"].contains($0.name) }
    }

    /// The message that makes a spare this job's process: the texts, the environment, and its table of pointers as the C library has it.
    /// - Returns: nil where the spare has less room for the environment.
    func message(for place: EnvironmentPlace) -> [UInt8]? {
        guard environment.count <= place.bytes else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(environment.count + 8 * variables.count + 512)
        for text in texts + [String(environment.count)] {
            bytes += text.utf8
            bytes.append(0)
        }
        bytes += environment
        for pointer in variables.map({ place.address + UInt64($0) }) + [0] { withUnsafeBytes(of: pointer) { bytes += $0 } }
        return bytes.count <= Self.bytesMax ? bytes : nil
    }

    /// The interpreter, the loader and the allocator look at some variables only when a program starts.
    private static func isReadLater(_ name: String) -> Bool {
        let early = ["PYTHON", "LD_", "MALLOC_", "GLIBC_", "LOCPATH"]
        return !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")) && !early.contains { name.hasPrefix($0) }
    }

    private static func isLocale(_ name: String) -> Bool { name == "LANG" || name == "LANGUAGE" || name.hasPrefix("LC_") }
}

/// The memory of a spare where its environment is to be.
struct EnvironmentPlace {
    var address: UInt64
    var bytes: Int
}
