import JobExecution
import Simulation

// The life with a node: take over what it runs, hear what becomes of it, get another when it is lost.
extension Engine {
    /// Connects to the living node, or starts one, and brings its jobs and the core's into agreement.
    ///
    /// - Parameter launched: what the core thinks is on the node.
    func connectNode(_ launched: [LaunchedJob]) async throws {
        let client = try await NodeClient.connectOrStart(
            folder: nodeFolder.path, jobs: nodeFolder.jobs, name: State.node, executable: executable)
        client.limit(slots: state.settings.slots)
        let known = try await knownJobs(client)
        adopt(launched, known, client)
        lane.client = client
        nodeEvents = Task { [weak self] in
            for await event in client.events { await self?.take(event) }
        }
        moveLane()
    }

    private enum Known {
        case running
        case ended(JobExit)
        case lost
    }

    private func knownJobs(_ client: NodeClient) async throws -> [String: Known] {
        var known: [String: Known] = [:]
        if let left = client.reconciliation {
            for entry in left.jobs {
                switch entry.outcome {
                case .ended(let exit): known[entry.job] = .ended(exit)
                case .lost: known[entry.job] = .lost
                }
            }
            return known
        }
        for entry in try await client.report() {
            switch entry.state {
            case .running: known[entry.job] = .running
            case .ended(let exit): known[entry.job] = .ended(exit)
            }
        }
        return known
    }

    /// What the node knows becomes an event, what it never heard of is launched again, and what is no job of ours any
    /// more is ended and forgotten.
    private func adopt(_ launched: [LaunchedJob], _ known: [String: Known], _ client: NodeClient) {
        let waiting = lane.waitingLaunches
        var again: [NodeLane.Command] = []
        for job in launched where !waiting.contains(job.id) {
            switch known[job.id] {
            case .running: note(.processStarted(job: job.id))
            case .ended(let exit): note(exit.event(of: job.id, wasMissed: true))
            case .lost: note(.nodeLost(job: job.id))
            case nil: again.append(.launch(job: job.id, job.submission, name: job.record.name, gated: job.gated))
            }
        }
        lane.addFirst(again)

        let ours = Set(launched.map(\.id)).union(waiting)
        for job in known.keys.sorted() where !ours.contains(job) {
            client.signal(job: job, .kill)
            client.forget(job: job)
        }
    }

    private func take(_ event: NodeEvent) async {
        switch event {
        case .started(let job, _, _):
            note(.processStarted(job: job))

        case .launchFailed(let job, let message):
            note(.launchFailed(job: job, message: message))

        case .exited(let job, let exit):
            note(exit.event(of: job, wasMissed: false))

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
        let waiting = lane.waitingLaunches
        for job in state.launchedJobs where !waiting.contains(job.id) { note(.nodeLost(job: job.id)) }
    }

    private static var reconnectSeconds: Double { 1 }
}

extension JobExit {
    /// What the end of a job's process is to the core.
    ///
    /// - Parameter wasMissed: nobody heard of it when it happened, so that only the node knows when that was.
    func event(of job: String, wasMissed: Bool) -> Event.Body {
        if let launchError { return .launchFailed(job: job, message: launchError) }
        let usage = Usage(
            wallSeconds: wallSeconds, cpuUserSeconds: cpuUserSeconds, cpuSystemSeconds: cpuSystemSeconds,
            maxRSSBytes: maxRSSBytes, readBytes: readBytes, writtenBytes: writtenBytes, source: source, unknown: unknown)
        var exit = Exit(code: exitCode, signal: signal, usage: usage)
        if wasMissed {
            exit.startedAt = Timestamp(milliseconds: startedAtMilliseconds)
            exit.endedAt = Timestamp(milliseconds: endedAtMilliseconds)
        }
        return .processExited(job: job, exit)
    }
}
