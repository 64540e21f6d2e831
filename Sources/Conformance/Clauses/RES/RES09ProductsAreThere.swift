import Recording

enum RES09ProductsAreThere: Clause {
    enum Breach: String, BreachCode {
        case metricsMissing = "metrics-missing"
        case metricsWrong = "metrics-wrong"
        case artifactsMissing = "artifacts-missing"
        case artifactsIncomplete = "artifacts-incomplete"
    }

    static let id = "RES-09"
    static let buildsOn = ["RES-01", "STA-03"]
    static let probes: [any Probe.Type] = [JobProductsProbe.self]
    static let page = Page(
        requires: """
            The figures that the job reported are in the result's `metrics`, by their names, and the files that it left are in `artifacts`, \
            each by a path, a key or a URL that holds the file's name. What the platform does not offer is declared off.
            """,
        why: "Loss, accuracy and the weights are what a training job is run for. An empty dict says that it produced nothing.",
        breach: "`metrics` and `artifacts` are left at their defaults, or filled with figures of the connector's own; only the first file, or no file in a folder.",
        mend: "Read both from the platform's result. Declare `metrics` or `artifacts` off where it keeps none.",
        failing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=self._status(job), output=job["output"])
            """,
        passing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=self._status(job), output=job["output"],
                                 metrics=job["metrics"], artifacts=job["artifacts"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let off = evidence.terms.off
        if let metrics = off[.metrics], off[.artifacts] != nil { return .notApplicable("metrics and artifacts are declared off: \(metrics)") }
        let recording = try evidence.recording(JobProductsProbe.self)
        let (record, truths) = try recording.jobs("job ended")
        guard truths.last?.exitCode == 0 else {
            throw PremiseMissing(reason: "the job that writes metrics and a file did not end well", by: record)
        }
        let call = try recording.call("result")
        guard let result = call.value?.record else { throw PremiseMissing(reason: "get_job_result gave no result", by: call.fact) }
        if off[.metrics] == nil, let (breach, failure) = wrongMetrics(result["metrics"], call, record) { return .breached(breach, failure) }
        if off[.artifacts] == nil, let name = JobProductsProbe.artifacts.first(where: { !holds(result["artifacts"], $0) }) {
            let isNone = !JobProductsProbe.artifacts.contains { holds(result["artifacts"], $0) }
            return .breached(
                isNone ? .artifactsMissing : .artifactsIncomplete,
                Failure(
                    "the result's artifacts lack a file that the job left", expected: "an entry that holds '\(name)'",
                    seen: result["artifacts"]?.phrase ?? "no such field", facts: [record, call.fact]))
        }
        return .holds(Witness(call.fact, record))
    }

    private static func wrongMetrics(_ metrics: Value?, _ call: CallFact, _ record: Fact) -> (Breach, Failure)? {
        for (name, value) in JobProductsProbe.metrics {
            guard let shown = metrics?[name] else {
                let isEmpty = metrics == .dict([])
                return (
                    .metricsMissing,
                    Failure(
                        "the result's metrics lack a figure that the job reported", expected: "the metric \(name)",
                        seen: isEmpty ? "no metrics" : "metrics without it", facts: [record, call.fact])
                )
            }
            if !holds(shown, value) {
                return (
                    .metricsWrong,
                    Failure(
                        "the result shows another figure than the job reported", expected: "\(name) is \(value)",
                        seen: PythonText.of(shown), facts: [record, call.fact])
                )
            }
        }
        return nil
    }

    /// A metric may be the figure itself, or a list or dict (a series, a figure with its step) that holds it.
    private static func holds(_ value: Value, _ number: Double) -> Bool {
        switch value {
        case .double(let shown): shown == number
        case .int(let shown): Double(shown) == number
        case .string(let text): Double(text) == number
        case .list(let items), .tuple(let items): items.contains { holds($0, number) }
        case .dict(let pairs): pairs.contains { holds($0.value, number) }
        default: false
        }
    }

    private static func holds(_ artifacts: Value?, _ name: String) -> Bool {
        switch artifacts {
        case .string(let text)?: text.contains(name) || RequestPath.decoded(text).contains(name)
        case .list(let items)?, .tuple(let items)?: items.contains { holds($0, name) }
        case .dict(let pairs)?: pairs.contains { holds($0.key, name) || holds($0.value, name) }
        case .other(_, let repr)?: repr.contains(name)
        default: false
        }
    }
}
