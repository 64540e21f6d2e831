/// What changes jobs: submit and cancel.
extension NativeAPI {
    var submissionRoutes: [Route] { [submitJob, cancelJob] }

    private var submitJob: Route {
        Route(
            operation: "submitJob", method: .post, path: "/v1/jobs",
            summary: "Submit a job; answered once it is stored",
            parameters: [
                .init(
                    name: "Idempotency-Key", place: .header,
                    description: "The same key with the same body gives the first job again, with another body 409")
            ],
            requestSchema: "Submission", success: .json(.created, schema: "Job"),
            errors: [.invalid, .tooLarge, .conflict, .quotaExceeded, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let body = try await call.json(limit: SubmissionReader.bodyLimitBytes)
            let submission = try SubmissionReader.read(body, idempotencyKey: call.header("idempotency-key"))
            let record = try await engine.submit(submission, tenant: call.tenant)
            return .object(.created) { json in json.jobFields(record) }
        }
    }

    private var cancelJob: Route {
        Route(
            operation: "cancelJob", method: .post, path: "/v1/jobs/{id}/cancel",
            summary: "Cancel a job; false when it had ended",
            success: .json(.ok, schema: "Cancellation"), errors: [.notFound, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let cancelled = try await engine.cancel(call.parameter("id"), tenant: call.tenant)
            return .object { json in json.field("cancelled", cancelled) }
        }
    }
}
