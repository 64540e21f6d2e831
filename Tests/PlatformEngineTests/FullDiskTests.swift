import JobHistory
import PlatformEngine
import Simulation
import Synchronization
import Testing

@testable import PlatformEngine

@Suite("A full disk", .timeLimit(.minutes(5)))
struct FullDiskTests {
    @Test("clients are refused, nothing acknowledged is lost, and what happened meanwhile is stored once there is room")
    func fullDisk() async throws {
        let disk = Disk()
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var configuration = EngineConfiguration.test(folder, slots: 1)
        configuration.appending = { history, batch throws(HistoryError) in try disk.append(history, batch) }
        configuration.onStorageNotice = { disk.note($0) }
        try await withEngine(configuration) { engine, tenant in
            let release = "while [ ! -e \"$HOME/go\" ]; do sleep 0.01; done; exit 5"
            let running = try await engine.submit(Submission(code: release, language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .running })

            // 1. No room: a submission and a cancellation are refused, and leave no trace.
            disk.fill()
            for _ in 0..<3 {
                let error = await #expect(throws: PlatformError.self) {
                    try await engine.submit(Submission(code: "x"), tenant: tenant)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.hasPrefix("the disk is full: ") == true)
            }
            await #expect(throws: PlatformError.self) { try await engine.cancel(running.id, tenant: tenant) }
            #expect(try await engine.job(running.id, tenant: tenant).cancelRequestedAt == nil)
            #expect(try await engine.jobs(JobQuery(), tenant: tenant).jobs.map(\.id) == [running.id])

            // 2. The job ends while there is no room: not lost, not told before it is stored.
            let tries = disk.refusals
            try "".write(toFile: engine.nodeFolder.workFolder(ofJob: running.id) + "/go", atomically: false, encoding: .utf8)
            await disk.refusesMore(than: tries)
            #expect(try await engine.job(running.id, tenant: tenant).status == .running)
            // However often it was tried, the operator was told once.
            #expect(disk.notices == [.cannotBeWritten(.full(path: history(folder)))])

            // 3. Room again.
            disk.empty()
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .failed })
            #expect(try await engine.job(running.id, tenant: tenant).exitCode == 5)
            let next = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.last?.record.status == .succeeded })
            #expect(next.number == running.number + 1)
            #expect(disk.notices == [.cannotBeWritten(.full(path: history(folder))), .canBeWrittenAgain])
        }
        #expect(try await JobHistory.openReadOnly(path: history(folder)).count() == 2)
    }

    private func history(_ folder: TemporaryFolder) -> String { folder.path + "/state/history.sqlite" }
}

/// Takes the place of a disk: lets a history write, or refuses as one that is full.
private final class Disk: Sendable {
    private struct Content {
        var isFull = false
        var refusals = 0
        var notices: [StorageNotice] = []
    }

    private let content = Mutex(Content())

    var refusals: Int { content.withLock { $0.refusals } }
    /// What the engine told of it.
    var notices: [StorageNotice] { content.withLock { $0.notices } }
    func note(_ notice: StorageNotice) { content.withLock { $0.notices.append(notice) } }
    func fill() { content.withLock { $0.isFull = true } }
    func empty() { content.withLock { $0.isFull = false } }

    func append(_ history: JobHistory, _ batch: [StoredStep]) throws(HistoryError) {
        let isFull = content.withLock { content in
            if content.isFull { content.refusals += 1 }
            return content.isFull
        }
        if isFull { throw .full(path: history.path) }
        try history.append(batch)
    }

    func refusesMore(than count: Int) async {
        while refusals <= count { await Task.yield() }
    }
}
