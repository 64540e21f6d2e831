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
        var canHold = true
        // Whether submit_job returns before the end decides how all the others run.
        if let first = probes.firstIndex(where: { $0.name == SubmitReturnsProbe.name }) {
            let recording = await run(probes[first], canHold: true)
            canHold = !(SubmitReturnsProbe.submitBlocks(recording) ?? false)
            done[recording.probe] = recording
            await progress(recording.probe, done.count, total)
            probes.remove(at: first)
        }
        let hold = canHold
        await withTaskGroup(of: Recording.self) { group in
            var waiting = probes[...]
            for probe in waiting.prefix(parallel) { group.addTask { await run(probe, canHold: hold) } }
            waiting = waiting.dropFirst(parallel)
            while let recording = await group.next() {
                done[recording.probe] = recording
                await progress(recording.probe, done.count, total)
                if let next = waiting.popFirst() { group.addTask { await run(next, canHold: hold) } }
            }
        }
        return Contract.probes(for: selection.clauses).compactMap { done[$0.name] }
    }

    private func run(_ probe: any Probe.Type, canHold: Bool) async -> Recording {
        do {
            let tenant = try await oracle.openTenant(probe.name)
            let recording = try await run(probe, as: tenant, canHold: canHold)
            await oracle.closeTenant(tenant)
            return recording
        } catch {
            return Recording(probe: probe.name, fault: "\(error)")
        }
    }

    private func run(_ probe: any Probe.Type, as tenant: Tenant, canHold: Bool) async throws -> Recording {
        let recorder = Recorder(probe: probe.name, redaction: Redaction(secrets: tenant.secrets, endpoint: tenant.endpoint))
        let session = try await subject.open()
        let stage = Stage(
            tenant: tenant, terms: terms, deadline: deadline, canHold: canHold, probe: probe.name, subject: subject, session: session,
            oracle: oracle, recorder: recorder)
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
                try await stage.jobs("jobs at the end")
                try await stage.requests("requests at the end")
            } catch { fault = "\(error)" }
        }
        await session.close()
        return await recorder.recording(fault: fault)
    }
}
