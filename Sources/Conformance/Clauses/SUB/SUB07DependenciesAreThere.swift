import Recording

enum SUB07DependenciesAreThere: Clause {
    enum Breach: String, BreachCode {
        case missing
        case neverRan = "never-ran"
        case ranWithout = "ran-without"
        case otherVersion = "other-version"
    }

    static let id = "SUB-07"
    static let buildsOn = ["SUB-01", "SUB-05"]
    static let probes: [any Probe.Type] = [DependenciesProbe.self]
    static let capability: Capability? = .dependencies
    static let page = Page(
        requires: """
            All that stands in `dependencies` can be imported when the code runs, a pinned one in its version, or submit_job raises. A requirement that nobody can install \
            ends in a rejection, or in a FAILED job whose code never ran.
            """,
        why: """
            Code that runs without its libraries fails far from the cause, or, worse, takes the branch for "not installed" and gives another \
            result.
            """,
        breach: "The parameter is never sent, or an installation that failed is passed over and the code runs as if nothing were.",
        mend: "Send the list in the platform's own field. Where it has none, install before the code and stop if that fails, or raise.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                return self._post("/v1/jobs", {"code": code})["id"]          # nobody installs anything
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                return self._post("/v1/jobs", {"code": code, "dependencies": list(dependencies or [])})["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(DependenciesProbe.self)
        let first = try recording.call("submit with dependencies")
        let second = try recording.call("submit with a missing dependency")
        let (record, truths) = try recording.jobs("jobs with dependencies")
        if first.value != nil, let (breach, failure) = wrong(truths, first, record) { return .breached(breach, failure) }
        if truths.contains(where: { ran(second, $0) }) {
            return .breached(
                .ranWithout,
                Failure(
                    "the code ran although its dependency cannot be had", expected: "a rejection, or a failed job whose code never ran",
                    seen: "a job whose code ran", facts: [second.fact, record]))
        }
        return .holds(Witness(first.fact, second.fact, record))
    }

    private static func wrong(_ truths: [JobTruth], _ submit: CallFact, _ record: Fact) -> (Breach, Failure)? {
        guard let truth = truths.first(where: { ran(submit, $0) }) else {
            return (
                .neverRan,
                Failure(
                    "a job whose dependencies can be had never ran its code", expected: "a job that runs with them, or a rejection",
                    seen: truths.allSatisfy(\.isTerminal) ? "no job that ran it" : "a job that does not end", facts: [submit.fact, record])
            )
        }
        guard !truth.standardOutput.contains(DependenciesProbe.imported) else { return nil }
        if truth.standardOutput.contains(DependenciesProbe.otherVersion) {
            return (
                .otherVersion,
                Failure(
                    "the code ran with another version of a dependency than the one that was asked for",
                    expected: "the version that is pinned, or a rejection", seen: "another version", facts: [submit.fact, record])
            )
        }
        return (
            .missing,
            Failure(
                "the code ran without a dependency, which can be had", expected: "modules that can be imported, or a rejection",
                seen: truth.standardOutput.contains(DependenciesProbe.notFound) ? "an ImportError" : "a job that did not come to the import",
                facts: [submit.fact, record])
        )
    }

    /// Whether the code itself came to run: its first line prints its nonce.
    private static func ran(_ submit: CallFact, _ truth: JobTruth) -> Bool {
        let code = submit.call.arguments.first { $0.name == "code" }?.value.string ?? ""
        let words = code.split { !$0.isLetter && !$0.isNumber }
        guard let nonce = words.first(where: { $0.hasPrefix("wt") && $0.count == 18 }) else { return false }
        return truth.standardOutput.contains(nonce)
    }
}
