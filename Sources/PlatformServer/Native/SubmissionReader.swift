import PlatformEngine
import Simulation

/// Reads the body of `POST /v1/jobs`.
enum SubmissionReader {
    /// The most bytes of such a body.
    static let bodyLimitBytes = 16 * 1024 * 1024
    /// The most GPUs that any instance of the catalogue has.
    static let gpuCountLimit: Int64 = 64
    /// The most times that a job may ask to be run again.
    static let retriesLimit: Int64 = 10

    /// With less than this the system starts no process.
    static let memoryGBMin = 0.001
    /// The least share of a processor that the system can be told.
    static let cpuCountMin = 0.01

    static let fields = ["code", "language", "name", "resources", "environment", "dependencies", "labels"]
    static let resourceFields = [
        "instance_type", "gpu_enabled", "gpu_count", "memory_gb", "cpu_count", "disk_size_gb", "max_runtime_hours",
        "auto_shutdown", "custom_params",
    ]

    /// - Throws: `invalid`, naming the field and what would be right.
    static func read(_ body: JSONValue, idempotencyKey: String?) throws(PlatformError) -> Submission {
        let reader = try ObjectReader(body, known: fields)
        guard let code = try reader.string("code") else {
            throw .invalid("code: is missing; it must be a string, the program to run")
        }
        guard !code.utf8.contains(0) else { throw .invalid("code: must not contain NUL") }
        let resources = reader.value("resources")
        return Submission(
            code: code,
            language: try reader.choice("language", Submission.Language.self) ?? .python,
            name: try name(reader),
            resources: try resources.map { value throws(PlatformError) in try Self.resources(value) } ?? Resources(),
            environment: try environment(reader),
            dependencies: try dependencies(reader),
            labels: try labels(reader),
            retries: try retries(resources),
            idempotencyKey: try key(idempotencyKey))
    }

    private static func name(_ reader: ObjectReader) throws(PlatformError) -> String? {
        guard let name = try reader.string("name") else { return nil }
        try SubmissionLimits.check(bytes: name.utf8.count, of: "name", max: SubmissionLimits.nameBytes)
        guard !name.isEmpty, name.count <= SubmissionLimits.nameCharacters, !name.utf8.contains(0) else {
            throw .invalid("name: must have 1 to \(SubmissionLimits.nameCharacters) characters, none of them NUL")
        }
        return name
    }

    private static func environment(_ reader: ObjectReader) throws(PlatformError) -> [String: String] {
        let variables = try reader.stringMap("environment") ?? [:]
        try SubmissionLimits.check(environment: variables)
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            // Bytes: with an accent behind it, a "=" is another character, and to the system still a "=".
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !name.utf8.contains(0) else {
                throw .invalid("environment: \"\(name.prefix(80))\" cannot name a variable; a name is not empty and has neither \"=\" nor NUL")
            }
            guard !value.utf8.contains(0) else { throw .invalid("environment.\(name.prefix(80)): must not contain NUL") }
        }
        return variables
    }

    private static func labels(_ reader: ObjectReader) throws(PlatformError) -> [String: String] {
        let labels = try reader.stringMap("labels") ?? [:]
        guard !labels.contains(where: { $0.key.utf8.contains(0) || $0.value.utf8.contains(0) }) else {
            throw .invalid("labels: must not contain NUL, neither in a name nor in a value")
        }
        try SubmissionLimits.check(bytes: SubmissionLimits.bytes(of: labels), of: "labels", max: SubmissionLimits.labelsBytes)
        return labels
    }

    private static func dependencies(_ reader: ObjectReader) throws(PlatformError) -> [String] {
        let dependencies = try reader.strings("dependencies") ?? []
        for (index, dependency) in dependencies.enumerated() where dependency.isEmpty || dependency.utf8.contains(0) {
            throw .invalid("dependencies[\(index)]: must be a requirement such as \"numpy==2.1\", not empty and without NUL")
        }
        let bytes = dependencies.reduce(0) { $0 + $1.utf8.count }
        try SubmissionLimits.check(bytes: bytes, of: "dependencies", max: SubmissionLimits.dependenciesBytes)
        return dependencies
    }

    private static func key(_ key: String?) throws(PlatformError) -> String? {
        guard let key else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("Idempotency-Key: must have 1 to 255 visible ASCII characters")
        }
        return key
    }

    static func resources(_ value: JSONValue) throws(PlatformError) -> Resources {
        let reader = try ObjectReader(value, at: "resources", known: resourceFields)
        var resources = Resources()
        if let type = try reader.string("instance_type") {
            guard !type.isEmpty, !type.utf8.contains(0) else {
                throw .invalid("resources.instance_type: must not be empty; leave it out for \"\(resources.instanceType)\"")
            }
            try SubmissionLimits.check(bytes: type.utf8.count, of: "resources.instance_type", max: SubmissionLimits.instanceTypeBytes)
            resources.instanceType = type
        }
        resources.gpuEnabled = try reader.bool("gpu_enabled") ?? false
        resources.gpuCount = Int(try reader.wholeNumber("gpu_count", in: 0...gpuCountLimit) ?? 0)
        guard resources.gpuEnabled || resources.gpuCount == 0 else {
            throw .invalid("resources.gpu_count: is \(resources.gpuCount) and gpu_enabled is not true; set gpu_enabled, or gpu_count to 0")
        }
        resources.memoryGB = try reader.positiveNumber("memory_gb", atLeast: memoryGBMin)
        resources.cpuCount = try reader.positiveNumber("cpu_count", atLeast: cpuCountMin)
        resources.diskSizeGB = try reader.positiveNumber("disk_size_gb")
        resources.maxRuntimeHours = try reader.positiveNumber("max_runtime_hours")
        resources.autoShutdown = try reader.bool("auto_shutdown") ?? true
        resources.customParamsJSON = try customParams(reader)
        return resources
    }

    /// How often the job asks to be run again: a parameter of the client's own that this platform understands.
    private static func retries(_ resources: JSONValue?) throws(PlatformError) -> Int {
        guard case .object(let fields) = resources, case .object(let parameters) = fields["custom_params"],
            let value = parameters["retries"], value != .null
        else { return 0 }
        guard case .int(let retries) = value, (0...retriesLimit).contains(retries) else {
            throw .invalid("resources.custom_params.retries: must be a whole number from 0 to \(retriesLimit)")
        }
        return Int(retries)
    }

    private static func customParams(_ reader: ObjectReader) throws(PlatformError) -> String {
        guard let value = reader.value("custom_params") else { return "{}" }
        guard case .object = value else {
            throw .invalid("resources.custom_params: must be an object, not \(value.kind)")
        }
        var json = JSONWriter()
        json.value(value)
        let bytes = json.buffer.readableBytes
        try SubmissionLimits.check(bytes: bytes, of: "resources.custom_params", max: SubmissionLimits.customParamsBytes)
        return String(buffer: json.buffer)
    }
}
