import Recording

/// Takes out of a recording what must never be in it: secrets, where this run's platform listens, and where this run's folders are.
///
/// A secret that the connector let slip leaves ``marker`` in its place, so that a clause can still see that it slipped.
public struct Redaction: Sendable {
    public static let marker = "«secret»"

    private let replacements: [(text: String, by: String)]

    /// - Parameter temporaryFolder: the one that the connector was given.
    public init(secrets: [String], endpoint: String, temporaryFolder: String? = nil) {
        let authority = endpoint.split(separator: "/").last.map(String.init) ?? endpoint
        replacements =
            secrets.filter { !$0.isEmpty }.map { ($0, Self.marker) } + [(endpoint, "{endpoint}"), (authority, "{host}:{port}")]
            + (temporaryFolder.map { [($0, "{tmp}")] } ?? [])
    }

    public func clean(_ text: String) -> String {
        var text = text
        for (secret, marker) in replacements where text.contains(secret) {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: marker)
        }
        return withoutPorts(text)
    }

    /// A deployed model listens on a port of its own, another one in each run.
    private func withoutPorts(_ text: String) -> String {
        let parts = text.split(separator: Self.loopback, omittingEmptySubsequences: false)
        guard parts.count > 1 else { return text }
        return parts.dropFirst().reduce(String(parts[0])) { clean, part in
            let rest = part.drop { $0.isASCII && $0.isNumber }
            return clean + (rest.count == part.count ? Self.loopback + part : "{host}:{other port}" + rest)
        }
    }

    private static let loopback = "127.0.0.1:"

    public func clean(_ value: Value) -> Value {
        switch value {
        case .none, .bool, .int, .double, .bytes: value
        case .string(let text): .string(clean(text))
        case .list(let items): .list(items.map(clean))
        case .tuple(let items): .tuple(items.map(clean))
        case .dict(let pairs): .dict(pairs.map { Value.Pair(clean($0.key), clean($0.value)) })
        case .member: value
        case .record(let record):
            .record(
                Value.Record(
                    type: record.type, fields: record.fields.map { Value.Field($0.name, clean($0.value)) },
                    isContract: record.isContract))
        case .other(let type, let repr): .other(type: type, repr: clean(repr))
        }
    }

    func clean(_ outcome: Outcome) -> Outcome {
        switch outcome {
        case .returned(let value): .returned(clean(value))
        case .raised(var raised):
            {
                raised.message = clean(raised.message)
                raised.traceback = clean(raised.traceback)
                return .raised(raised)
            }()
        case .timedOut(let stacks): .timedOut(stacks: clean(stacks))
        case .died(let how): .died(how: clean(how))
        }
    }

    func clean(_ body: Fact.Body) -> Fact.Body {
        switch body {
        case .call(var call):
            call.arguments = call.arguments.map { Call.Argument($0.name, clean($0.value), positional: $0.positional) }
            call.outcome = clean(call.outcome)
            return .call(call)
        case .attribute(let instance, let name, let outcome):
            return .attribute(instance: instance, name: name, clean(outcome))
        case .guest(var state):
            state.printedToStdout = clean(state.printedToStdout)
            state.printedToStderr = clean(state.printedToStderr)
            state.logLines = state.logLines.map(clean)
            return .guest(state)
        case .jobs(let jobs):
            return .jobs(
                jobs.map { job in
                    var job = job
                    job.code = clean(job.code)
                    job.environment = job.environment.map { Value.Pair(clean($0.key), clean($0.value)) }
                    job.standardOutput = clean(job.standardOutput)
                    job.standardError = clean(job.standardError)
                    return job
                })
        case .look(let name, let value): return .look(name, clean(value))
        case .stopped(let reason, let by): return .stopped(reason: clean(reason), by: by)
        case .posted(let url, let status, let holdsWord): return .posted(url: clean(url), status: status, holdsWord: holdsWord)
        case .processes, .requests, .inspection, .harness, .endpoints, .files: return body
        }
    }
}
