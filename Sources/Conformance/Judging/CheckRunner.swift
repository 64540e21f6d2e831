import Recording

/// Runs the probes of a check against a subject and a platform.
public struct CheckRunner: Sendable {
    private let subject: any Subject
    private let oracle: any Oracle
    private let terms: Terms
    private let deadline: Duration
    private let parallel: Int

    /// - Parameters:
    ///   - deadline: the longest that one call may take.
    ///   - parallel: how many probes run at once, 1 or more.
    public init(subject: any Subject, oracle: any Oracle, terms: Terms, deadline: Duration = .seconds(30), parallel: Int = 2) {
        self.subject = subject
        self.oracle = oracle
        self.terms = terms
        self.deadline = deadline
        self.parallel = max(1, parallel)
    }

    /// Runs the probes that the selection needs; recordings in the order of the probe list, whatever ended first.
    ///
    /// - Parameter progress: told of each probe that ended: its name, how many have ended, of how many.
    public func run(
        _ selection: Selection, progress: @escaping @Sendable (String, Int, Int) async -> Void = { _, _, _ in }
    ) async -> [Recording] {
        var probes = Contract.probes(for: selection.clauses)
        let total = probes.count
        var done: [String: Recording] = [:]
        var conditions = Conditions()
        // Whether submit_job returns before the end decides how all the others run.
        if let first = probes.firstIndex(where: { $0.name == SubmitReturnsProbe.name }) {
            let recording = await run(probes[first], conditions)
            conditions.canHold = !(SubmitReturnsProbe.submitBlocks(recording) ?? false)
            if SubmitReturnsProbe.madeNoJob(recording) { conditions.appearance = .milliseconds(200) }
            done[recording.probe] = recording
            await progress(recording.probe, done.count, total)
            probes.remove(at: first)
        }
        let known = conditions
        await withTaskGroup(of: Recording.self) { group in
            var waiting = probes[...]
            for probe in waiting.prefix(parallel) { group.addTask { await run(probe, known) } }
            waiting = waiting.dropFirst(parallel)
            while let recording = await group.next() {
                done[recording.probe] = recording
                await progress(recording.probe, done.count, total)
                if let next = waiting.popFirst() { group.addTask { await run(next, known) } }
            }
        }
        return Contract.probes(for: selection.clauses).compactMap { done[$0.name] }
    }

    /// What the first probe showed of the connector.
    private struct Conditions: Sendable {
        var canHold = true
        /// A job is on the platform when submit_job returns; one that is a little late is waited for, unless none has ever come.
        var appearance = Duration.seconds(3)
    }

    private func run(_ probe: any Probe.Type, _ conditions: Conditions) async -> Recording {
        do {
            let tenant = try await oracle.openTenant(probe.name)
            let recording = try await run(probe, as: tenant, conditions)
            await oracle.closeTenant(tenant)
            return recording
        } catch {
            return Recording(probe: probe.name, fault: "\(error)")
        }
    }

    /// A job that the platform itself lost shows nothing about the connector.
    private func platformFailure(among jobs: [JobTruth]) -> String? {
        let own = ["launch_failed", "node_lost", "platform_stopped"]
        return jobs.compactMap(\.errorCode).first(where: own.contains).map { "the platform ended a job by itself (\($0))" }
    }

    private func run(_ probe: any Probe.Type, as tenant: Tenant, _ conditions: Conditions) async throws -> Recording {
        let session = try await subject.open()
        let redaction = Redaction(secrets: tenant.secrets, endpoint: tenant.endpoint, temporaryFolder: session.temporaryFolder)
        let recorder = Recorder(probe: probe.name, redaction: redaction)
        let stage = Stage(
            tenant: tenant, terms: terms, deadline: deadline, canHold: conditions.canHold, appearance: conditions.appearance,
            probe: probe.name, subject: subject, session: session, oracle: oracle, recorder: recorder)
        var fault: String?
        do {
            try await probe.run(stage)
        } catch let stop as ProbeStop {
            await recorder.add("stopped", .stopped(reason: stop.reason, by: stop.by))
        } catch {
            fault = "\(error)"
        }
        if fault == nil {
            do {
                // A job that nobody waited for is looked at when it has come to its end, not by luck before.
                try await oracle.settle(tenant, patience: .seconds(2))
                let jobs = try await stage.jobs("jobs at the end")
                try await stage.requests("requests at the end")
                fault = platformFailure(among: jobs)
            } catch { fault = "\(error)" }
        }
        await session.close()
        return await recorder.recording(fault: fault)
    }
}
