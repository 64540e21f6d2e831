import Recording

enum COST01RequestsPerCall: Clause {
    enum Breach: String, BreachCode { case manyRequests = "many-requests" }

    static let id = "COST-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [RequestCostsProbe.self, PathEscapesProbe.self]
    /// More than this for one call while nothing changes is worth a remark.
    static let many = 10
    static let page = Page(
        requires: """
            Nothing: it tells how many requests each method costs. More than \(many) for a call while nothing changes is remarked on. A method that \
            asks the same again and again until something happens has no figure, since it would differ from run to run.
            """,
        why: "Platforms limit requests, and a caller polls. What one call costs decides how many jobs can be watched.",
        breach: "A login before every call, a look at each job of a list, a status that is read again to be sure.",
        mend: "Keep the session. Ask for what is needed in one request, and trust its answer.",
        failing: """
            def get_job_status(self, job_id):
                self.authenticate()                                     # before every read
                return next(j["status"] for j in self._all_jobs() if j["id"] == job_id)
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let spans = try jobSpans(evidence.recording(RequestCostsProbe.self)) + fileSpans(evidence.recording(PathEscapesProbe.self))
        var figures: [String] = []
        var witnesses: [Fact] = []
        for span in spans {
            if span.asked.count > many {
                return .breached(
                    .manyRequests,
                    Failure(
                        "\(span.call.call.method) needs more than \(many) requests for one call", expected: "at most \(many)", seen: "more",
                        facts: [span.call.fact, span.after]))
            }
            let distinct = Set(span.asked.map { "\($0.method) \($0.path)" })
            guard distinct.count == span.asked.count else { continue }
            figures.append("\(span.call.call.method) \(span.asked.count)")
            witnesses.append(span.after)
        }
        guard let first = witnesses.first else {
            return .notApplicable("every method asks the same again and again, so that no figure is the same in the next run")
        }
        return .noted("requests per call: \(figures.joined(separator: ", "))", Witness(first, others: Array(witnesses.dropFirst())))
    }

    /// A call that returned, and the requests that came in meanwhile.
    private struct Span {
        let call: CallFact
        let after: Fact
        let asked: ArraySlice<RequestSeen>

        /// Nil where the call did not return, or no second look was taken, as where submit_job waits for the job's start or end.
        init?(_ recording: Recording, _ label: String, from before: String, to after: String) throws {
            let call = try recording.call(label)
            guard call.value != nil, let seen = try? recording.requests(after) else { return nil }
            self.call = call
            self.after = seen.fact
            asked = seen.requests.dropFirst(try recording.requests(before).requests.count)
        }
    }

    private static func jobSpans(_ recording: Recording) throws -> [Span] {
        try ([Method.authenticate, .submitJob] + RequestCostsProbe.reads.dropFirst()).compactMap { method in
            try Span(
                recording, method == .submitJob ? "submit" : method.rawValue, from: "before \(method.rawValue)",
                to: "after \(method.rawValue)")
        }
    }

    /// Where the connector has the two methods.
    private static func fileSpans(_ recording: Recording) throws -> [Span] {
        let upload = try Span(recording, "upload a plain name", from: "requests before", to: "requests after the plain name")
        guard recording.fact("download a plain name") != nil else { return [upload].compactMap { $0 } }
        let download = try Span(
            recording, "download a plain name", from: "requests after the plain name", to: "requests before the upload")
        return [upload, download].compactMap { $0 }
    }
}
