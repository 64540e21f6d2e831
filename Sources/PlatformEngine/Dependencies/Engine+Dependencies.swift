import Simulation

// A job's packages: looked at when it is submitted, there before it is launched.
extension Engine {
    /// Refuses what is no requirement, and every requirement where there is nothing to install from.
    nonisolated func checkDependencies(_ submission: Submission) throws(PlatformError) {
        guard !submission.dependencies.isEmpty else { return }
        for text in submission.dependencies {
            if let refusal = Requirement.refusal(of: text) { throw .invalid(refusal) }
        }
        guard !dependencies.source.isEmpty else {
            throw .invalid(
                "dependencies: this platform has no packages; start it with --wheels DIR, a folder of wheels (or --index URL), or leave the list empty")
        }
    }

    /// Waits for the packages, where a submission is refused without them.
    func awaitDependencies(_ submission: Submission, _ tenant: Tenant) async throws(PlatformError) {
        guard !submission.dependencies.isEmpty, dependencies.source.missing == .reject else { return }
        // Taken before: that answer stands.
        if let key = submission.idempotencyKey, state.job(tenant: tenant.name, idempotencyKey: key) != nil { return }
        if case .failure(let failure) = await dependencies.environment(for: submission.dependencies) {
            guard !isStopping, !isClosed else { throw PlatformError(.unavailable, "the platform is stopping and takes no more jobs") }
            throw PlatformError(failure.isOfThePlatform ? .unavailable : .invalid, "dependencies: \(failure)")
        }
    }

    /// Tells the job's node, once the job's packages are there: what is for a job in preparation waits with it.
    ///
    /// - Parameter name: of the node. One that this run does not have has nothing to be told: it is gone with its jobs.
    func tell(_ command: NodeLane.Command, of job: String, on name: String) {
        if case .launch(_, let submission, _, _) = command, !submission.dependencies.isEmpty {
            preparing.add(command, of: job)
            Task { prepared(job, name, await dependencies.environment(for: submission.dependencies)) }
            return
        }
        guard preparing.contains(job) else {
            if case .signal = command, node(name)?.lane.takeBackLaunch(of: job) == true { return noteNeverStarted(job) }
            node(name)?.lane.add(command)
            return
        }
        switch command {
        case .signal:
            _ = preparing.remove(job)
            noteNeverStarted(job)
        case .forget:
            _ = preparing.remove(job)
        case .launch, .openGate:
            preparing.add(command, of: job)
        }
    }

    private func noteNeverStarted(_ job: String) {
        note(.launchFailed(job: job, message: "it was told to end before it was started"))
    }

    /// Launches, before everything that waits, what the node has not heard of. Packages are looked for anew.
    func launchAgain(_ jobs: [LaunchedJob], on node: EngineNode) {
        let commands = jobs.map { NodeLane.Command.launch(job: $0.id, $0.submission, name: $0.record.name, gated: $0.gated) }
        node.lane.addFirst(zip(jobs, commands).filter { $0.0.submission.dependencies.isEmpty }.map(\.1))
        for (job, command) in zip(jobs, commands) where !job.submission.dependencies.isEmpty { tell(command, of: job.id, on: node.name) }
    }

    private func prepared(_ job: String, _ name: String, _ result: Result<String, DependencyFailure>) {
        // When it stops, the job waits for the next start, which prepares it again.
        guard !isStopping, !isClosed, let commands = preparing.remove(job) else { return }
        switch result {
        case .success(let folder):
            environments[job] = folder
            for command in commands { node(name)?.lane.add(command) }
            moveLanes()

        case .failure(let failure):
            note(.preparationFailed(job: job, message: "dependencies: \(failure)"))
        }
    }
}
