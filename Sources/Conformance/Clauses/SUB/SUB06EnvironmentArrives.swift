import Recording

enum SUB06EnvironmentArrives: Clause {
    enum Breach: String, BreachCode {
        case refused
        case missing
        case spacesLost = "spaces-lost"
        case quotesLost = "quotes-lost"
        case equalsLost = "equals-lost"
        case dollarsExpanded = "dollar-expanded"
        case unicodeLost = "unicode-lost"
        case emptyLost = "empty-lost"
        case linesLost = "lines-lost"
        case nameChanged = "name-changed"
    }

    static let id = "SUB-06"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [EnvironmentProbe.self]
    static let page = Page(
        requires: """
            Each name and value in `environment` is an environment variable of the job, byte for byte: with spaces, quotes, `=`, `$`,
            unicode and line ends, and also where the value is empty; names in capital and in small letters.
            """,
        why: "Paths, keys and switches reach the job this way. A variable that is missing or cut makes the job do something else, in silence.",
        breach: "The parameter is never sent; values go through a shell or are split at `=` or line ends; empty ones are filtered out; names are turned to capitals.",
        mend: "Send the dict as it is, in the platform's own field for the environment.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                exports = "".join(f"export {k}={v}\\n" for k, v in (environment or {}).items())     # a shell reads the values
                ...
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                body = {"code": code, "environment": dict(environment or {})}
                return self._post("/v1/jobs", body)["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(EnvironmentProbe.self)
        let submit = try recording.call("submit")
        if let exception = submit.raised {
            return .breached(
                .refused,
                Failure(
                    "submit_job raised \(exception.type) for an environment of str names and values", expected: "a job id",
                    seen: "\(exception.type)", facts: [submit.fact]))
        }
        let (record, truths) = try recording.jobs("job ended")
        guard let truth = truths.first, truth.exitCode == 0 else {
            throw PremiseMissing(reason: "the job that prints its environment did not run to its end", by: record)
        }
        let lines = Set(truth.standardOutput.split { $0.isNewline }.map(String.init))
        for variable in EnvironmentProbe.variables where !lines.contains(EnvironmentProbe.line(of: variable.name, variable.value)) {
            let arrived = lines.contains { $0.hasPrefix("\(variable.name)=") }
            return .breached(
                variable.kind.breach,
                Failure(
                    "the job did not get the variable \(variable.name) as it was given", expected: variable.kind.phrase,
                    seen: arrived ? "another value" : "no such variable", facts: [submit.fact, record]))
        }
        return .holds(Witness(submit.fact, record))
    }
}

extension EnvironmentProbe.Kind {
    fileprivate var breach: SUB06EnvironmentArrives.Breach {
        switch self {
        case .plain: .missing
        case .spaces: .spacesLost
        case .quotes: .quotesLost
        case .equals: .equalsLost
        case .dollars: .dollarsExpanded
        case .unicode: .unicodeLost
        case .empty: .emptyLost
        case .lines: .linesLost
        case .letters: .nameChanged
        }
    }

    fileprivate var phrase: String {
        switch self {
        case .plain: "a plain value"
        case .spaces: "a value with spaces"
        case .quotes: "a value with quotes and a backslash"
        case .equals: "a value with equals signs"
        case .dollars: "a value with dollars"
        case .unicode: "a value with unicode"
        case .empty: "an empty value"
        case .lines: "a value of two lines"
        case .letters: "a name in small letters"
        }
    }
}
