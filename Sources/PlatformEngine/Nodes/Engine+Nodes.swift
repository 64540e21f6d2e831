import JobExecution
import Simulation

// The life with nodes: take over what they run, hear what becomes of it, get another process when one is lost.
extension Engine {
    /// Connects to each living node, or starts one, all at once, and brings their jobs and the core's into agreement.
    ///
    /// - Parameter launched: what the core thinks is on the nodes.
    func connectNodes(_ launched: [LaunchedJob]) async throws {
        let places = nodes.map { place(of: $0) }
        let reached = try await withThrowingTaskGroup(of: (Int, ReachedNode).self) { group in
            for (position, place) in places.enumerated() { group.addTask { (position, try await place.reach()) } }
            return try await group.reduce(into: [Int: ReachedNode]()) { $0[$1.0] = $1.1 }
        }
        for position in nodes.indices { if let node = reached[position] { takeUp(position, node, launched) } }
    }

    /// The node of that name; nil when it is none of this run's.
    func node(_ name: String) -> EngineNode? { nodes.first { $0.name == name } }

    /// Begins to work with a node's process.
    private func takeUp(_ position: Int, _ reached: ReachedNode, _ launched: [LaunchedJob]) {
        let node = nodes[position]
        let client = reached.client
        adopt(node, launched, reached.known)
        node.lane.client = client
        node.condition = node.isDrained ? .draining : .up
        note(.nodeChanged(node: node.name, node.condition))
        node.events = Task { [weak self] in
            for await event in client.events { await self?.take(event, from: position) }
        }
        watch(position, client)
        moveLanes()
    }

    /// Brings the core's view and the node's into agreement: feeds what happened, and puts what is to be ordered before all that waits.
    ///
    /// - Parameter launched: as stored. What the node is to forget must be in the history.
    private func adopt(_ node: EngineNode, _ launched: [LaunchedJob], _ known: KnownJobs) {
        let own = launched.filter { $0.record.node == node.name }
        let agreement = NodeAgreement(launched: own, known: known, waiting: node.lane.waitingLaunches.union(preparing.jobs))
        let still = Set(own.filter { isStill($0) }.map(\.id))
        for event in agreement.events {
            if case .nodeLost(let job) = event {
                guard still.contains(job) else { continue }
                lostOn[job] = node.name
            }
            note(event)
        }
        launchAgain(agreement.launches.filter { still.contains($0.id) }, on: node)
        node.lane.addFirst(agreement.kills.map { .signal(job: $0, .kill) })
        node.lane.addFirst(agreement.strangers.flatMap { [.signal(job: $0, .kill), .forget(job: $0)] })
    }

    /// Whether the job is where it was: a loss that is not stored yet may have sent it elsewhere.
    private func isStill(_ job: LaunchedJob) -> Bool {
        guard let record = state.job(job.id) else { return false }
        return record.node == job.record.node && record.attempt == job.record.attempt
    }

    // MARK: events

    private func take(_ event: NodeEvent, from position: Int) async {
        switch event {
        case .started(let job, _, _):
            note(.processStarted(job: job))

        case .launchFailed(let job, let message):
            note(.launchFailed(job: job, message: message))

        case .exited(let job, let exit):
            note(.processExited(job: job, exit.exit(wasMissed: false)))

        case .connectionLost:
            await nodeWasLost(position)
        }
    }

    private func nodeWasLost(_ position: Int) async {
        let node = nodes[position]
        node.lane.client = nil
        node.silence.watch?.cancel()
        node.lane.keepForNext()
        guard !isStopping, !isClosed else { return await noteLastLost(position) }
        if node.condition != .down {
            node.condition = .down
            note(.nodeChanged(node: node.name, .down))
        }
        await bringBack(position)
    }

    /// Starts it again, until that has worked. Its jobs are told as lost only when none of their processes is left: until then none of them
    /// may be run again.
    private func bringBack(_ position: Int) async {
        let node = nodes[position]
        let place = place(of: node)
        while !isClosed {
            do {
                let reached = try await place.reach()
                guard !isClosed else { return }
                takeUp(position, reached, storedState.launchedJobs)
                // A stop that came meanwhile found no node to stop.
                if isStopping { await stopNode(position) }
                return
            } catch {
                if isStopping { return await noteLastLost(position) }
                if let left = try? await place.reconcile(), !isClosed { adopt(node, storedState.launchedJobs, left) }
                // Jobs go on to queue; a node that can be had again takes them.
                guard (try? await Task.sleep(for: .seconds(Self.reconnectSeconds))) != nil else { return }
            }
        }
    }

    /// A node that ended while the platform stops is not started again: what it has left is ended, and told.
    private func noteLastLost(_ position: Int) async {
        let node = nodes[position]
        let waiting = node.lane.waitingLaunches.union(preparing.jobs)
        let isOpen = { (job: LaunchedJob) in job.record.node == node.name && !waiting.contains(job.id) }
        guard !isClosed, state.launchedJobs.contains(where: isOpen) else { return }
        let known = (try? await place(of: node).reconcile()) ?? [:]
        for job in state.launchedJobs where isOpen(job) {
            note(known[job.id]?.event(of: job.id) ?? .nodeLost(job: job.id))
        }
    }

    private func place(of node: EngineNode) -> NodePlace {
        NodePlace(name: node.name, folder: node.folder, executable: executable, slots: state.settings.slots, accounting: accounting)
    }

    private static var reconnectSeconds: Double { 1 }

    // MARK: the end

    /// Ends all nodes with all their jobs, and hears the last of them.
    func stopNodes() async {
        await withDiscardingTaskGroup { group in
            for position in nodes.indices { group.addTask { await self.stopNode(position) } }
        }
    }

    private func stopNode(_ position: Int) async {
        let node = nodes[position]
        let events = node.events
        if node.condition == .paused { wake(node) }
        await node.lane.client?.stop(graceSeconds: state.settings.cancelGraceSeconds)
        await events?.value
    }

    /// Ends the nodes of an earlier run that this one has no use for, with all that runs there.
    func retire(_ left: [NodeFolder], _ launched: [LaunchedJob]) async throws {
        for folder in left {
            let known = try await NodePlace.blocking { try folder.retire() }.knownJobs
            let name = folder.name
            for job in launched where job.record.node == name && isStill(job) {
                // One that it never heard of was lost on the way to it.
                note(known[job.id]?.event(of: job.id) ?? .nodeLost(job: job.id))
            }
            // Once that is stored, its notes are not to be taken for those of a later attempt, should it come back. An event that changes
            // nothing is answered behind everything that is pending.
            guard (try? await ask(.nodeChanged(node: name, .down))) != nil else { continue }
            try await NodePlace.blocking { try folder.forgetJobs() }
        }
    }
}

extension NodeAgreement.Known {
    /// What it means for a job of which nothing runs any more.
    fileprivate func event(of job: String) -> Event.Body {
        switch self {
        case .ended(let exit): .processExited(job: job, exit)
        case .launchFailed(let message): .launchFailed(job: job, message: message)
        case .running, .queued, .lost: .nodeLost(job: job)
        }
    }
}
