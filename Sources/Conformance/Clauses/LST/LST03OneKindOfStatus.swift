import Recording

enum LST03OneKindOfStatus: Clause {
    enum Breach: String, BreachCode {
        case mixedKinds = "mixed-kinds"
        case otherKind = "other-kind"
    }

    static let id = "LST-03"
    static let buildsOn = ["LST-02"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "`status` in the rows of list_jobs is a str or a JobStatus, the same kind in every row.",
        why: "Both are in use. A caller who compares has to know which; rows of both kinds make every comparison wrong for some jobs.",
        breach: "A JobStatus where the platform's word is known and the raw str where it is not, or an int code.",
        mend: "Give every row the member, or every row the member's value.",
        failing: """
            def _row(self, job):
                return {"job_id": job["id"], "status": STATES.get(job["state"], job["state"])}
            """,
        passing: """
            def _row(self, job):
                return {"job_id": job["id"], "status": STATES.get(job["state"], JobStatus.UNKNOWN)}
            """)

    private enum Kind: Hashable { case string, member, other(String) }

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        let shown = try recording.call("list of all")
        let lists = evidence.calls(of: .listJobs)
        var seen: (kind: Kind, list: CallFact)?
        for list in lists {
            for row in list.value?.items ?? [] {
                let kind = kind(of: row["status"] ?? Value.none)
                if case .other(let type) = kind {
                    return .breached(
                        .otherKind,
                        Failure(
                            "list_jobs shows a status of type \(type)", expected: "a str or a JobStatus", seen: type, facts: [list.fact]))
                }
                if let first = seen, first.kind != kind {
                    return .breached(
                        .mixedKinds,
                        Failure(
                            "list_jobs shows a str in one row and a JobStatus in another", expected: "the same kind in every row",
                            seen: "both kinds", facts: first.list == list ? [list.fact] : [first.list.fact, list.fact]))
                }
                seen = seen ?? (kind, list)
            }
        }
        guard let seen else { throw PremiseMissing(reason: "list_jobs listed nothing", by: shown.fact) }
        return .noted("status is a \(seen.kind == .string ? "str" : "JobStatus") in every row", Witness(shown.fact))
    }

    private static func kind(of status: Value) -> Kind {
        switch status {
        case .string: .string
        case .member(let member): member.isContract ? .member : .other(member.type)
        default: .other(status.typeName)
        }
    }
}
