import Conformance
import Recording

/// What the platform, the operating system and the guest saw, in sentences that are the same for the same seed.
///
/// How often a status was read, how far a job came that nobody waited for, and how long a traceback is depend on the machine: reads are
/// named once, whatever changes something is counted, and output is counted only of a job that came to its own end.
enum SightText {
    /// Sentences about every fact that is no call, in order, none of them twice in a row.
    ///
    /// - Parameter blank: what stands between the words of a request, for who wants to keep them on one line.
    static func of(_ facts: [Fact], blank: String = " ") -> [String] {
        let names = jobNames(facts)
        let isSeries = facts.count { isJobs($0) } > 1
        let sentences = facts.flatMap { fact in
            // Where jobs were looked at more than once, the step's label says when.
            let moment = isSeries && isJobs(fact) ? "\(OneLine.of(fact.label)): " : ""
            return self.sentences(fact.body, names, blank).map { moment + $0 }
        }
        return sentences.enumerated().filter { $0 == 0 || sentences[$0 - 1] != $1 }.map(\.element)
    }

    private static func isJobs(_ fact: Fact) -> Bool { if case .jobs = fact.body { true } else { false } }

    private static func sentences(_ body: Fact.Body, _ names: [String: String], _ blank: String) -> [String] {
        switch body {
        case .jobs(let jobs): self.jobs(jobs)
        case .processes(let job, let alive): ["\(names[job] ?? job): \(alive > 0 ? "processes of it are alive" : "no process alive")"]
        case .requests(let requests): [self.requests(requests, names, blank)]
        case .guest(let state): guest(state)
        case .inspection(let inspection): [self.inspection(inspection)]
        case .look(let name, let value): ["\(name): \(Shortening.middle(PythonLiteral.of(value), max: Shortening.valueCharactersMax))"]
        case .endpoints(let names): [names.isEmpty ? "no endpoint" : "endpoints: \(names.joined(separator: ", "))"]
        case .files(let paths): [paths.isEmpty ? "no file on the platform" : "files on the platform: \(paths.count)"]
        case .posted(let url, let status, let holdsWord):
            [
                "POST \(OneLine.of(url)): \(status.map { "answered \($0)" } ?? "nobody answered")"
                    + (holdsWord == false ? ", without the model's word" : "")
            ]
        case .stopped(let reason, _): ["the probe ended early: \(OneLine.of(reason))"]
        case .call, .attribute, .harness: []
        }
    }

    // MARK: - Jobs

    private static func jobs(_ jobs: [JobTruth]) -> [String] {
        guard !jobs.isEmpty else { return ["no job"] }
        let shown = jobs.prefix(jobsMax).enumerated().map { "job \($0 + 1) \(name($1)) \(state($1))" }
        guard jobs.count > shown.count else { return shown }
        let rest = jobs.dropFirst(shown.count)
        let counts = statuses.compactMap { status in
            let count = rest.count { $0.status == status }
            return count > 0 ? "\(count) \(status)" : nil
        }
        return shown + ["and \(counted(rest.count, "more job")) (\(counts.joined(separator: ", ")))"]
    }

    private static func name(_ job: JobTruth) -> String {
        PythonLiteral.quoted(Shortening.middle(job.name, max: Shortening.argumentCharactersMax))
    }

    private static func state(_ job: JobTruth) -> String {
        var parts = [job.status]
        if !job.started { parts.append(job.isTerminal ? "never started" : "not started") }
        if let code = job.exitCode { parts.append("exit code \(code)") }
        if let signal = job.signal { parts.append("ended by signal \(signal)") }
        if job.started, !job.isTerminal { parts.append(job.exitSeen ? "its process has ended" : "its process lives") }
        if job.isTerminal, job.exitCode != nil {
            let printed = job.standardOutput.utf8.count
            parts.append(printed > 0 ? "printed \(counted(printed, "byte"))" : "printed nothing")
            if !job.standardError.isEmpty { parts.append("wrote to stderr") }
        }
        return parts.joined(separator: ", ")
    }

    /// `job 1` for each id, by its first appearance.
    private static func jobNames(_ facts: [Fact]) -> [String: String] {
        var names: [String: String] = [:]
        for fact in facts {
            guard case .jobs(let jobs) = fact.body else { continue }
            for (index, job) in jobs.enumerated() where names[job.id] == nil { names[job.id] = "job \(index + 1)" }
        }
        return names
    }

    // MARK: - Requests

    private static func requests(_ requests: [RequestSeen], _ names: [String: String], _ blank: String) -> String {
        guard !requests.isEmpty else { return "no request" }
        var lines: [(text: String, count: Int, isRead: Bool)] = []
        for request in requests {
            let text = [OneLine.of(request.method), path(request.path, names), "\(request.status)"].joined(separator: blank)
            if let index = lines.firstIndex(where: { $0.text == text }) {
                lines[index].count += 1
            } else {
                lines.append((text, 1, request.method == "GET" || request.method == "HEAD"))
            }
        }
        let shown = lines.prefix(requestsMax).map { $0.isRead || $0.count == 1 ? $0.text : "\($0.text)\(blank)(\($0.count)\(blank)times)" }
        let rest = lines.count - shown.count
        return "requests: " + (shown + (rest > 0 ? ["\(rest) other kinds"] : [])).joined(separator: ", ")
    }

    /// The path with the ids of known jobs as `{job 1}`.
    private static func path(_ path: String, _ names: [String: String]) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            let word = String(part.prefix { $0 != "?" })
            return names[word].map { "{\($0)}" + part.dropFirst(word.count) } ?? String(part)
        }
        return Shortening.middle(OneLine.of(parts.joined(separator: "/")), max: Shortening.valueCharactersMax)
    }

    // MARK: - The guest

    private static func guest(_ state: GuestState) -> [String] {
        func printed(_ text: String, _ stream: String) -> [String] {
            text.isEmpty
                ? [] : ["the connector's process wrote to \(stream): \(PythonLiteral.quoted(Shortening.middle(text, max: Shortening.valueCharactersMax)))"]
        }
        let leaks = state.logLines.filter { $0.contains(Redaction.marker) }.prefix(leaksMax).map {
            "it logged: \(OneLine.of(Shortening.middle($0, max: Shortening.valueCharactersMax)))"
        }
        return printed(state.printedToStdout, "stdout") + printed(state.printedToStderr, "stderr") + leaks
    }

    private static func inspection(_ inspection: Inspection) -> String {
        let whose = inspection.ownNeural ? "the project's own neural package" : "the harness's neural package"
        let methods = inspection.overridden.isEmpty ? "no optional method" : inspection.overridden.joined(separator: ", ")
        return "the class defines \(methods), on \(whose)"
    }

    private static let statuses = ["pending", "running", "succeeded", "failed", "cancelled"]
    private static let jobsMax = 8
    private static let requestsMax = 12
    private static let leaksMax = 3
}
