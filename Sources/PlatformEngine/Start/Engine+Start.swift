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
        guard configuration.settings.slots >= 1 else {
            throw .badSettings("slots must be 1 or more, not \(configuration.settings.slots)")
        }
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
            nodeFolder: try makeNodeFolder(folder), sandbox: sandbox, restored: restored.state)
        let engine = Engine(parts)
        await engine.open(outcomes)
        do {
            try await engine.takeOver(configuration.settings)
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

    private static func makeNodeFolder(_ folder: StateFolder) throws(EngineError) -> NodeFolder {
        // Where they were before nodes shared them.
        if access(folder.jobs, F_OK) != 0 { rename(folder.node + "/jobs", folder.jobs) }
        do {
            return try NodeFolder(path: folder.node, jobs: folder.jobs)
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

    private func takeOver(_ settings: Settings) async throws(EngineError) {
        // What may be on a node is asked before the new run orders anything.
        let launched = state.launchedJobs
        do {
            _ = try await ask(.platformStarted(settings))
        } catch {
            throw .stateFolder(path: stateFolder, detail: error.message)
        }
        do {
            try await connectNode(launched)
        } catch {
            throw .node(detail: "\(error)")
        }
    }
}
