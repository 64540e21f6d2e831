@testable import Conformance
import Recording

/// Builds a recording by hand, fact by fact, as a probe would have left it.
struct HandMadeRecording {
    private(set) var recording: Recording

    init(_ probe: any Probe.Type) { recording = Recording(probe: probe.name) }

    @discardableResult
    mutating func add(_ label: String, _ body: Fact.Body) -> Fact {
        let fact = Fact(
            id: "\(recording.probe)/\(label)", label: label, sequence: recording.facts.count, at: Double(recording.facts.count), body: body)
        if let index = recording.facts.firstIndex(where: { $0.label == label }) {
            recording.facts[index] = fact
        } else {
            recording.facts.append(fact)
        }
        return fact
    }

    /// A call; one of the same label is replaced, so that a good story can be spoiled at one place.
    mutating func call(
        _ label: String, _ method: Conformance.Method, _ outcome: Outcome, code: String? = nil, mustReturn: Bool = true,
        changed: [String] = []
    ) {
        let arguments = code.map { [Call.Argument("code", .string($0))] } ?? []
        add(
            label,
            .call(
                Call(
                    instance: "main", method: method.rawValue, arguments: arguments, outcome: outcome, mustReturn: mustReturn,
                    changedArguments: changed, endedAt: 0)))
    }

    mutating func attribute(_ label: String, _ name: String, _ value: Value) {
        add(label, .attribute(instance: "main", name: name, .returned(value)))
    }

    mutating func guest(_ label: String = "state at the end", log: [String] = [], printed: String = "") {
        add(
            label,
            .guest(
                GuestState(threads: 1, sockets: 0, temporaryFiles: 0, printedToStdout: printed, printedToStderr: "", logLines: log)))
    }

    mutating func inspection(ownNeural: Bool, _ neural: [Value.Field] = []) {
        add("inspection", .inspection(Inspection(overridden: [], ownNeural: ownNeural, python: "3.11.2", neural: neural)))
    }

    mutating func remove(_ label: String) { recording.facts.removeAll { $0.label == label } }
}

extension Outcome {
    /// An exception of that type, with its bases and the contract's classes it is of.
    static func raises(_ type: String, bases: [String] = [], contract: [String] = [], message: String = "", traceback: String = "") -> Outcome {
        .raised(Raised(type: type, bases: [type] + bases, contract: contract, message: message, traceback: traceback))
    }

    static let refused = raises(
        "neural.exceptions.CloudConnectionError", contract: ["CloudConnectionError", "CloudException"], message: "not authenticated")
    static let valueError = raises("ValueError", bases: ["Exception"], message: "no")
    static let instance = returned(.other(type: "acme.Acme", repr: "<instance>"))
}

extension JobTruth {
    static func made(_ code: String, status: String = "succeeded") -> JobTruth {
        JobTruth(id: "1", name: "n", status: status, started: true, exitSeen: true, exitCode: 0, code: code)
    }
}

/// The words of what a clause finds broken, with what was seen; nil where it finds nothing broken.
func words<C: Clause>(_ clause: C.Type, _ recordings: [Recording]) throws -> String? {
    guard case .breached(_, let failure) = try clause.judge(Evidence(recordings: recordings, terms: Terms())) else { return nil }
    return "\(failure.reason): \(failure.seen)"
}

/// What a clause says, short: `holds`, `noted`, `not applicable`, or the breach's code.
func verdict<C: Clause>(_ clause: C.Type, _ recordings: [Recording], _ terms: Terms = Terms()) throws -> String {
    switch try clause.judge(Evidence(recordings: recordings, terms: terms)) {
    case .holds: "holds"
    case .noted: "noted"
    case .notApplicable: "not applicable"
    case .breached(let breach, _): breach.rawValue
    }
}
