import PlatformEngine

/// How much of each of its free fields a submission may have. Each job's are kept in memory as long as it lives, some in every listing of it.
enum SubmissionLimits {
    static let nameCharacters = 255
    /// A character can have any number of bytes.
    static let nameBytes = 1024
    static let instanceTypeBytes = 255
    /// Of all names and values together; of all requirements; of the parameters as JSON.
    static let labelsBytes = 64 * 1024
    static let dependenciesBytes = 64 * 1024
    static let customParamsBytes = 64 * 1024
    static let variables = 4096
    /// What Linux gives to a process as one text at most (`MAX_ARG_STRLEN`), less the NUL at its end: name, `=` and value.
    static let variableBytes = 128 * 1024 - 1
    /// Of all variables together. Linux gives a process 2 MiB of arguments and environment by default, and the platform's own must fit too.
    static let environmentBytes = 1024 * 1024

    /// - Throws: `invalid`, naming the field, how much it has and how much it may have.
    static func check(bytes: Int, of field: String, max: Int) throws(PlatformError) {
        guard bytes > max else { return }
        throw .invalid("\(field): has \(bytes) bytes, more than the \(max) that it may have")
    }

    static func check(environment variables: [String: String]) throws(PlatformError) {
        guard variables.count <= Self.variables else {
            throw .invalid("environment: has \(variables.count) variables, more than the \(Self.variables) that a job may have")
        }
        var whole = 0
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            let bytes = name.utf8.count + value.utf8.count + 1
            guard bytes <= variableBytes else {
                throw .invalid(
                    "environment: the variable \"\(name.prefix(80))\" has \(bytes) bytes with its name, more than the \(variableBytes) that Linux gives to a process")
            }
            whole += bytes
        }
        try check(bytes: whole, of: "environment", max: environmentBytes)
    }

    /// All names and values together.
    static func bytes(of texts: [String: String]) -> Int { texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } }
}
