import Conformance
import Foundation
import PlatformEngine
import PlatformServer
import Recording
import Simulation
import Synchronization

/// The platform of a check: an engine and its server in this process, seen by the judge from behind.
final class EngineOracle: Oracle {
    let engine: Engine
    private let endpoint: String
    private let template: CredentialTemplate
    private let namespace: String
    private let holds = Mutex<[String: [String]]>([:])
    private let began = Mutex<[String: Timestamp]>([:])
    private let tokens = Mutex<[String: String]>([:])
    /// Jobs that the judge itself put into the history.
    private let stored = Mutex<Set<String>>([])

    init(engine: Engine, endpoint: String, template: CredentialTemplate, namespace: String) {
        self.engine = engine
        self.namespace = namespace
        self.endpoint = endpoint
        self.template = template
    }

    // MARK: - Tenants

    func openTenant(_ name: String) async throws -> Conformance.Tenant {
        let token = try await engine.addTenant(PlatformEngine.Tenant(name: namespace + name))
        let began = WallClock().now()
        self.began.withLock { $0[name] = began }
        tokens.withLock { $0[name] = token.text }
        let spoiled = Self.spoil(token.text)
        return Conformance.Tenant(
            name: name, validCredentials: template.filled(endpoint: endpoint, token: token.text),
            invalidCredentials: template.filled(endpoint: endpoint, token: spoiled), secrets: [token.text, spoiled] + template.secrets,
            endpoint: endpoint)
    }

    /// Every job of it is ended, without waiting for the end.
    func closeTenant(_ tenant: Conformance.Tenant) async {
        let mine = platformTenant(tenant)
        for job in await engine.watchedJobs(of: mine) where !job.record.status.isTerminal {
            _ = try? await engine.cancel(job.record.id, tenant: mine)
        }
        await removeProducts(of: mine)
        await engine.removeTenant(mine)
    }

    /// The same length and letters, another token: its last letters are turned round.
    private static func spoil(_ token: String) -> String {
        String(token.prefix(token.count / 2)) + String(token.suffix(token.count - token.count / 2).reversed()) + "0"
    }

    // MARK: - Holding still

    func arm(_ point: Conformance.HoldPoint, for tenant: Conformance.Tenant) async throws -> String {
        let point: Simulation.HoldPoint =
            switch point {
            case .pending: .pending
            case .running: .running
            case .settling: .settling
            }
        let hold = try await engine.arm(point, tenant: platformTenant(tenant))
        holds.withLock { $0[tenant.name, default: []].append(hold) }
        return hold
    }

    func release(_ hold: String) async throws { try await engine.release(hold) }

    func settle(_ tenant: Conformance.Tenant, patience: Duration) async throws {
        for hold in holds.withLock({ $0.removeValue(forKey: tenant.name) }) ?? [] { try await engine.release(hold) }
        _ = await engine.wait(tenant: platformTenant(tenant), timeoutSeconds: patience.inSeconds) { jobs in
            jobs.allSatisfy { $0.record.status.isTerminal }
        }
    }

    func wait(for moment: JobMoment, index: Int, of tenant: Conformance.Tenant, patience: Duration) async throws -> Bool {
        await engine.wait(tenant: platformTenant(tenant), timeoutSeconds: patience.inSeconds) { jobs in
            guard index < jobs.count else { return false }
            let job = jobs[index]
            return switch moment {
            case .exists: true
            case .running: job.record.status == .running && !job.exitSeen
            case .exited: job.exitSeen || job.record.status.isTerminal
            case .ended: job.record.status.isTerminal
            }
        }
    }

    // MARK: - The truth

    func jobs(of tenant: Conformance.Tenant) async throws -> [JobTruth] {
        let mine = platformTenant(tenant)
        var truths: [JobTruth] = []
        let stored = stored.withLock { $0 }
        for job in await engine.watchedJobs(of: mine) where !stored.contains(job.record.id) {
            truths.append(try await truth(job.record, exitSeen: job.exitSeen))
        }
        return truths
    }

    func jobs(containing nonce: String) async throws -> [JobTruth] {
        var truths: [JobTruth] = []
        for record in try await engine.jobs(codeContaining: nonce) {
            truths.append(try await truth(record, exitSeen: record.status.isTerminal))
        }
        return truths
    }

    func liveProcesses(ofJob id: String) async throws -> Int { engine.liveProcesses(ofJob: id).count }

    func requests(of tenant: Conformance.Tenant) async throws -> [RequestSeen] {
        let start = began.withLock { $0[tenant.name] }
        return engine.requests.latest(of: platformTenant(tenant)).reversed().map { seen in
            RequestSeen(
                method: seen.method, path: seen.path, status: seen.status, at: start.map { seen.at.seconds(since: $0) } ?? 0,
                rows: seen.rows)
        }
    }

    func knows(job id: String) async throws -> Bool { try await engine.knows(id) }

    private func truth(_ record: JobRecord, exitSeen: Bool) async throws -> JobTruth {
        let submission = try await engine.submission(of: record.id)
        let owner = PlatformEngine.Tenant(name: record.tenant)
        return JobTruth(
            id: record.id, name: record.name, status: record.status.rawValue, started: record.startedAt != nil, exitSeen: exitSeen,
            exitCode: record.exitCode.map(Int.init), signal: record.signal.map(Int.init), errorCode: record.error?.code,
            code: submission?.code ?? "",
            language: submission?.language.rawValue ?? "",
            environment: (submission?.environment ?? [:]).sorted { $0.key < $1.key }.map { Value.Pair(.string($0.key), .string($0.value)) },
            resources: record.resources.asContractPairs, wallSeconds: record.usage?.wallSeconds,
            createdToFinishedSeconds: record.finishedAt?.seconds(since: record.createdAt),
            standardOutput: try await text(.stdout, record.id, owner), standardError: try await text(.stderr, record.id, owner))
    }

    private func text(_ stream: LogStream, _ job: String, _ tenant: PlatformEngine.Tenant) async throws -> String {
        String(decoding: try await engine.log(stream, ofJob: job, tenant: tenant).all(), as: UTF8.self)
    }

    func token(of tenant: Conformance.Tenant) -> String? { tokens.withLock { $0[tenant.name] } }

    func note(stored ids: [String]) { stored.withLock { $0.formUnion(ids) } }

    func platformTenant(_ tenant: Conformance.Tenant) -> PlatformEngine.Tenant {
        PlatformEngine.Tenant(name: namespace + tenant.name)
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Resources {
    /// Under the contract's names; what was not asked for is None.
    fileprivate var asContractPairs: [Value.Pair] {
        func number(_ value: Double?) -> Value { value.map { .double($0) } ?? .none }
        return [
            Value.Pair("instance_type", .string(instanceType)), Value.Pair("gpu_enabled", .bool(gpuEnabled)),
            Value.Pair("gpu_count", .int(gpuCount)), Value.Pair("memory_gb", number(memoryGB)),
            Value.Pair("cpu_count", number(cpuCount)), Value.Pair("disk_size_gb", number(diskSizeGB)),
            Value.Pair("max_runtime_hours", number(maxRuntimeHours)), Value.Pair("auto_shutdown", .bool(autoShutdown)),
            Value.Pair("custom_params", .string(customParamsJSON)),
        ]
    }
}
