import Recording

@testable import Conformance

/// A recording made by hand, step by step.
struct Story {
    private(set) var recording: Recording

    init(_ probe: any Probe.Type) { recording = Recording(probe: probe.name) }

    mutating func call(
        _ label: String, _ method: Conformance.Method, _ outcome: Outcome, _ arguments: Call.Argument..., mustReturn: Bool = true,
        at: Double? = nil
    ) {
        let call = Call(
            instance: "main", method: method.rawValue, arguments: arguments, outcome: outcome, mustReturn: mustReturn,
            endedAt: at ?? Double(recording.facts.count))
        add(label, .call(call))
    }

    mutating func submit(_ label: String, _ id: String, _ program: Program, name: String? = nil, at: Double? = nil) {
        call(
            label, .submitJob, .returned(.string(id)), Call.Argument("code", .string(program.code)),
            Call.Argument("job_name", name.map { Value.string($0) } ?? Value.none), at: at)
    }

    mutating func jobs(_ label: String, _ jobs: JobTruth...) { self.jobs(label, jobs) }

    mutating func jobs(_ label: String, _ jobs: [JobTruth]) { add(label, .jobs(jobs)) }

    mutating func harness(_ label: String) { add(label, .harness(label)) }

    mutating func processes(_ label: String, _ alive: Int) { add(label, .processes(job: "p", alive: alive)) }

    mutating func guest(_ label: String, threads: Int = 3, sockets: Int = 1, files: Int = 0, out: String = "", err: String = "") {
        add(
            label,
            .guest(
                GuestState(
                    threads: threads, sockets: sockets, temporaryFiles: files, printedToStdout: out, printedToStderr: err, logLines: [])))
    }

    private mutating func add(_ label: String, _ body: Fact.Body) {
        let sequence = recording.facts.count
        recording.facts.append(
            Fact(id: "\(recording.probe)/\(label)", label: label, sequence: sequence, at: Double(sequence), body: body))
    }
}

/// What a clause finds in these stories: `holds`, a breach code, `noted`, `not applicable` or `missing`.
func finding<C: Clause>(_ clause: C.Type, _ stories: Story...) throws -> String {
    do {
        return
            switch try clause.judge(Evidence(recordings: stories.map(\.recording), terms: Terms()))
        {
        case .holds(let witness): witness.facts.isEmpty ? "no witness" : "holds"
        case .breached(let breach, _): breach.rawValue
        case .notApplicable: "not applicable"
        case .noted: "noted"
        }
    } catch is PremiseMissing {
        return "missing"
    }
}

extension Outcome {
    static func gave(_ status: Status) -> Outcome { .returned(status.value) }

    static func raised(_ type: String, contract: [String] = []) -> Outcome {
        .raised(Raised(type: type, bases: [type, "Exception"], contract: contract, message: ""))
    }

    static let cloudException = Outcome.raised("CloudException", contract: ["CloudException"])

    /// A list of rows with these ids and statuses.
    static func rows(_ rows: (id: String, status: Status)...) -> Outcome { .rows(rows) }

    static func rows(_ rows: [(id: String, status: Status)]) -> Outcome {
        .returned(
            .list(
                rows.map {
                    .dict([Value.Pair("job_id", .string($0.id)), Value.Pair("status", .string($0.status.rawValue))])
                }))
    }
}

extension JobTruth {
    init(_ status: Status, code: String = "", name: String = "", started: Bool = true, out: String = "", err: String = "") {
        self.init(
            id: "p", name: name, status: status.rawValue, started: started, exitSeen: status.isTerminal, code: code,
            standardOutput: out, standardError: err)
    }
}
