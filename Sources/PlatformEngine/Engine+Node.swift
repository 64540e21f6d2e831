import JobExecution
import Simulation

// The life with a node: take over what it runs, hear what becomes of it, get another when it is lost.
extension Engine {
    /// Connects to the living node, or starts one, and brings its jobs and the core's into agreement.
    ///
    /// - Parameter launched: what the core thinks is on the node.
    func connectNode(_ launched: [LaunchedJob]) async throws {
        let client = try await NodeClient.connectOrStart(
            folder: nodeFolder.path, jobs: nodeFolder.jobs, name: State.node, executable: executable, accounting: accounting)
        client.limit(slots: state.settings.slots)
        let known = try await knownJobs(client)
        adopt(launched, known, client)
        lane.client = client
        nodeEvents = Task { [weak self] in
            for await event in client.events { await self?.take(event) }
        }
        moveLane()
    }

    private func knownJobs(_ client: NodeClient) async throws -> [String: NodeAgreement.Known] {
        var known: [String: NodeAgreement.Known] = [:]
        if let left = client.reconciliation {
            for entry in left.jobs {
                switch entry.outcome {
                case .ended(let exit): known[entry.job] = exit.known
                case .lost: known[entry.job] = .lost
                }
            }
            return known
        }
        for entry in try await client.report() {
            switch entry.state {
            case .running: known[entry.job] = .running
            case .ended(let exit): known[entry.job] = exit.known
            }
        }
        return known
    }

    /// Does what the core and the node must do to agree.
    private func adopt(_ launched: [LaunchedJob], _ known: [String: NodeAgreement.Known], _ client: NodeClient) {
        let agreement = NodeAgreement(launched: launched, known: known, waiting: lane.waitingLaunches.union(preparing.jobs))
        for job in agreement.strangers {
            client.signal(job: job, .kill)
            client.forget(job: job)
        }
        launchAgain(agreement.launches)
        for event in agreement.events { note(event) }
    }

    private func take(_ event: NodeEvent) async {
        switch event {
        case .started(let job, _, _):
            note(.processStarted(job: job))

        case .launchFailed(let job, let message):
            note(.launchFailed(job: job, message: message))

        case .exited(let job, let exit):
            note(exit.event(of: job))

        case .connectionLost:
            await nodeWasLost()
        }
    }

    private func nodeWasLost() async {
        lane.client = nil
        guard !isStopping, !isClosed else {
            noteAllLost()
            return
        }
        lane.keepLaunchesOnly()
        do {
            try await connectNode(storedState.launchedJobs)
            // A stop that came meanwhile found no node to stop.
            if isStopping { await stopNode() }
        } catch {
            noteAllLost()
            await reconnectLater()
        }
    }

    private func reconnectLater() async {
        // Jobs go on to queue; a node that can be had again takes them.
        guard (try? await Task.sleep(for: .seconds(Self.reconnectSeconds))) != nil else { return }
        await nodeWasLost()
    }

    /// Ends the node with all its jobs, and hears the last of it.
    func stopNode() async {
        await lane.client?.stop(graceSeconds: state.settings.cancelGraceSeconds)
        await nodeEvents?.value
    }

    private func noteAllLost() {
        let waiting = lane.waitingLaunches.union(preparing.jobs)
        for job in state.launchedJobs where !waiting.contains(job.id) { note(.nodeLost(job: job.id)) }
    }

    private static var reconnectSeconds: Double { 1 }
}

extension JobExit {
    /// What the end of a job's process is to the core, which hears of it as it happens.
    func event(of job: String) -> Event.Body {
        if let launchError { return .launchFailed(job: job, message: launchError) }
        return .processExited(job: job, exit)
    }

    /// The same, where nobody heard of it when it happened, so that only the node knows when that was.
    var known: NodeAgreement.Known {
        if let launchError { return .launchFailed(message: launchError) }
        var exit = exit
        exit.startedAt = Timestamp(milliseconds: startedAtMilliseconds)
        exit.endedAt = Timestamp(milliseconds: endedAtMilliseconds)
        return .ended(exit)
    }

    private var exit: Exit {
        let usage = Usage(
            wallSeconds: wallSeconds, cpuUserSeconds: cpuUserSeconds, cpuSystemSeconds: cpuSystemSeconds,
            maxRSSBytes: maxRSSBytes, readBytes: readBytes, writtenBytes: writtenBytes, source: source, unknown: unknown)
        return Exit(code: exitCode, signal: signal, bound: boundHit?.bound, usage: usage)
    }
}

extension BoundHit {
    fileprivate var bound: Bound {
        switch self {
        case .memory: .memory
        case .disk: .disk
        }
    }
}
