import Foundation
import JobHistory
import Simulation
import Testing

@testable import PlatformEngine

@Suite("What happens while nobody serves")
struct MissedEndTests {
    @Test("a job that ended meanwhile has ended when its process did, not when the next server came", .timeLimit(.minutes(5)))
    func missedEnd() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.test(folder)
        let tenant = Tenant(name: "alice")
        let first = try await Engine.start(configuration)
        _ = try await first.addTenant(tenant)
        let job = try await first.submit(
            Submission(code: "while [ ! -e \"$HOME/go\" ]; do sleep 0.01; done", language: .shell), tenant: tenant)
        #expect(await first.waitFor(tenant) { $0.first?.record.status == .running })
        await first.abandon()
        try Data().write(to: URL(fileURLWithPath: JobFiles(first.nodeFolder, job.id).work + "/go"))
        while first.nodeFolder.storedExit(ofJob: job.id) == nil { try await Task.sleep(for: .milliseconds(2)) }
        let whenItWasOver = first.now()

        let second = try await Engine.start(configuration)
        _ = try await second.addTenant(tenant)
        #expect(await second.waitFor(tenant) { $0.first?.record.status == .succeeded })
        let ended = try await second.job(job.id, tenant: tenant)
        let (started, finished) = (try #require(ended.startedAt), try #require(ended.finishedAt))
        #expect(started <= finished && finished <= whenItWasOver)
        try await second.stop()
        #expect(try JobHistory.openReadOnly(path: configuration.stateFolder + "/history.sqlite").verify().differences == [])
    }
}
