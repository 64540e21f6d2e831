import PlatformEngine
import Simulation
import Testing

@Suite("Holds: the platform stands still for a judge")
struct HoldTests {
    @Test("a job held at pending waits although slots are free")
    func pending() async throws {
        try await withEngine { engine, tenant in
            let hold = try await engine.arm(.pending, tenant: tenant)
            let held = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            let free = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.last?.record.status == .succeeded })
            #expect(engine.job(caughtBy: hold) == held.id)
            #expect(try await engine.job(held.id, tenant: tenant).status == .pending)
            #expect(free.number == held.number + 1)
            try await engine.release(hold)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .succeeded })
        }
    }

    @Test("a job held at running lives and waits at its gate")
    func running() async throws {
        try await withEngine { engine, tenant in
            let hold = try await engine.arm(.running, tenant: tenant)
            let code = "echo before; cat \"$WINDTUNNEL_GATE\" > /dev/null; echo behind"
            let job = try await engine.submit(Submission(code: code, language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .running })
            #expect(!engine.liveProcesses(ofJob: job.id).isEmpty)
            try await engine.release(hold)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .succeeded })
            #expect(try await engine.result(ofJob: job.id, tenant: tenant).output == "before\nbehind\n")
        }
    }

    @Test("a job held at settling has ended and nobody is told")
    func settling() async throws {
        try await withEngine { engine, tenant in
            let hold = try await engine.arm(.settling, tenant: tenant)
            let job = try await engine.submit(Submission(code: "exit 4", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.exitSeen == true })
            #expect(try await engine.job(job.id, tenant: tenant).status == .running)
            #expect(engine.liveProcesses(ofJob: job.id).isEmpty)
            try await engine.release(hold)
            #expect(await engine.waitFor(tenant) { $0.first?.record.exitCode == 4 })
        }
    }

    @Test("holds of one tenant do not touch another's jobs")
    func otherTenant() async throws {
        try await withEngine { engine, tenant in
            let other = Tenant(name: "bob")
            _ = try await engine.addTenant(other)
            let hold = try await engine.arm(.pending, tenant: other)
            _ = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .succeeded })
            #expect(engine.job(caughtBy: hold) == nil)
        }
    }

    @Test("a wait ends at its deadline, when its tenant goes and when its task is cancelled")
    func waits() async throws {
        try await withEngine { engine, tenant in
            #expect(await engine.wait(tenant: tenant, timeoutSeconds: 0) { !$0.isEmpty } == false)
            let cancelled = Task { await engine.wait(tenant: tenant, timeoutSeconds: 600) { !$0.isEmpty } }
            cancelled.cancel()
            #expect(await cancelled.value == false)
            async let gone = engine.wait(tenant: tenant, timeoutSeconds: 600) { !$0.isEmpty }
            await engine.removeTenant(tenant)
            #expect(await gone == false)
        }
    }

    @Test("what the platform knows beyond what it tells clients")
    func oracle() async throws {
        try await withEngine { engine, tenant in
            let code = "echo nonce-4711"
            let job = try await engine.submit(Submission(code: code, language: .shell, labels: ["a": "b"]), tenant: tenant)
            #expect(try await engine.jobs(codeContaining: "nonce-4711").map(\.id) == [job.id])
            #expect(try await engine.jobs(codeContaining: "nonce-4712").isEmpty)
            #expect(try await engine.submission(of: job.id)?.code == code)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .succeeded })
            #expect(try await engine.submission(of: job.id)?.labels == ["a": "b"])
            #expect(try await engine.knows(job.id))
            #expect(try await engine.knows(job.id + "0") == false)
            #expect(await engine.watchedJobs(of: tenant).map(\.record.id) == [job.id])
        }
    }
}
