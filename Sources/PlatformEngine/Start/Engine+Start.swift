import Foundation
import JobExecution
import JobHistory
import Simulation

extension Engine {
    /// Starts the platform on its state folder, or starts it again: what an earlier one left is taken over. Jobs that run
    /// are adopted, those that ended are collected, those that wait go on waiting.
    ///
    /// - Throws: `EngineError`, also when another server has the folder.
    public static func start(_ configuration: EngineConfiguration) async throws(EngineError) -> Engine {
        try check(configuration)
        let folder = try StateFolder(configuration.stateFolder)
        let lock = try FolderLock(folder)
        let sandbox = configuration.isSandboxed ? try await Sandbox.find(configuration, folder) : nil
        let (history, restored) = try openHistory(folder, configuration)
        let (outcomes, sink) = AsyncStream.makeStream(of: CommitWriter.Outcome.self, bufferingPolicy: .unbounded)
        let append = configuration.appending
        let writer = CommitWriter(
            outcomes: sink, append: { batch throws(HistoryError) in try append(history, batch) }, finish: { try? history.close() })
        let parts = Parts(
            configuration: configuration, folder: folder, lock: lock, history: history, writer: writer,
            nodeFolders: try makeNodeFolders(folder, count: configuration.settings.nodes), sandbox: sandbox,
            restored: restored.state)
        let engine = Engine(parts)
        await engine.open(outcomes)
        do {
            try await engine.takeOver(configuration.settings, leftNodes: try leftNodes(folder, beyond: configuration.settings.nodes))
            try await engine.endpoints.restore()
        } catch {
            await engine.close()
            throw error
        }
        return engine
    }

    private static func openHistory(
        _ folder: StateFolder, _ configuration: EngineConfiguration
    ) throws(EngineError) -> (history: JobHistory, restored: RestoredHistory) {
        do {
            return try JobHistory.open(path: folder.history, durability: configuration.durability)
        } catch {
            throw .history(error)
        }
    }

    private static func check(_ configuration: EngineConfiguration) throws(EngineError) {
        for (name, count) in [("slots", configuration.settings.slots), ("nodes", configuration.settings.nodes)] where count < 1 {
            throw .badSettings("\(name) must be 1 or more, not \(count)")
        }
        guard configuration.nodeSilenceSeconds > 0 else {
            throw .badSettings("nodeSilenceSeconds must be more than 0, not \(configuration.nodeSilenceSeconds)")
        }
    }

    private static func makeNodeFolders(_ folder: StateFolder, count: Int) throws(EngineError) -> [NodeFolder] {
        // Where they were before nodes shared them.
        if access(folder.jobs, F_OK) != 0 { rename(folder.node(1) + "/jobs", folder.jobs) }
        var folders: [NodeFolder] = []
        for number in 1...count { folders.append(try nodeFolder(folder, number)) }
        return folders
    }

    /// The folders of nodes that an earlier run had and this one has not.
    private static func leftNodes(_ folder: StateFolder, beyond count: Int) throws(EngineError) -> [NodeFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.nodes)) ?? []
        var left: [NodeFolder] = []
        let numbers = names.compactMap { name in name.split(separator: "-").last.flatMap { Int($0) } }
        for number in numbers.filter({ $0 > count && names.contains(Node.name($0)) }).sorted() {
            left.append(try nodeFolder(folder, number))
        }
        return left
    }

    private static func nodeFolder(_ folder: StateFolder, _ number: Int) throws(EngineError) -> NodeFolder {
        do {
            return try NodeFolder(path: folder.node(number), jobs: folder.jobs)
        } catch {
            throw .stateFolder(path: folder.path, detail: error.description)
        }
    }

    private func open(_ outcomes: AsyncStream<CommitWriter.Outcome>) {
        board.show(storedState, changed: [])
        writing = Task { [weak self] in
            for await outcome in outcomes { await self?.take(outcome) }
        }
    }

    private func takeOver(_ settings: Settings, leftNodes: [NodeFolder]) async throws(EngineError) {
        // What may be on a node is what was before the new run orders anything.
        let before = Set(state.launchedJobs.map(\.id))
        do {
            _ = try await ask(.platformStarted(settings))
        } catch {
            throw .stateFolder(path: stateFolder, detail: error.message)
        }
        // As they stand by now: those that are to end have a new grace period.
        let launched = state.launchedJobs.filter { before.contains($0.id) }
        do {
            try await retire(leftNodes, launched)
            try await connectNodes(launched)
        } catch {
            throw .node(detail: "\(error)")
        }
    }
}
