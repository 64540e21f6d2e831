import Conformance
import ConnectorHost
import Foundation
import Recording

/// Runs the conformance suite on a connector: its Python, a platform of its own, the probes.
public enum Check {
    /// - Parameters:
    ///   - platform: one that several checks share; nil starts one for this check alone.
    ///   - namespace: keeps this check apart from others on a shared platform.
    ///   - progress: told of each probe that ended: its name, how many have ended, of how many.
    /// - Throws: ``UsageError`` or `ConnectorHostError` for a mistake of the user's; `EngineError` where the platform cannot start.
    public static func run(
        _ options: CheckOptions, on platform: CheckPlatform? = nil, namespace: String = "",
        progress: @escaping @Sendable (String, Int, Int) async -> Void = { _, _, _ in }
    ) async throws -> CheckRecord {
        let began = ContinuousClock.now
        let selection = try options.selection()
        let reference = try ConnectorReference(parsing: options.connector)
        if let platform { return try await run(options, selection, reference, platform, namespace, began, progress) }
        let own = try await Cleanup.shared.open {
            try await CheckPlatform.start(seed: options.terms.seed, environment: options.environment)
        } closing: { await $0.stop() }
        do {
            let record = try await run(options, selection, reference, own.value, namespace, began, progress)
            await Cleanup.shared.close(own)
            return record
        } catch {
            await Cleanup.shared.close(own)
            throw error
        }
    }

    private static func run(
        _ options: CheckOptions, _ selection: Selection, _ reference: ConnectorReference, _ platform: CheckPlatform, _ namespace: String,
        _ began: ContinuousClock.Instant, _ progress: @escaping @Sendable (String, Int, Int) async -> Void
    ) async throws -> CheckRecord {
        let python = try await PythonInterpreter.find(
            explicit: options.python, connectorPath: reference.filePath, environment: options.environment,
            currentFolder: options.workingFolder)
        let opened = try await Cleanup.shared.open {
            try await ConnectorHost.start(
                reference, interpreter: python, workingFolder: options.workingFolder, environment: options.environment,
                importPatience: options.importPatience)
        } closing: { await $0.shutdown() }
        let host = opened.value
        let oracle = platform.oracle(CredentialTemplate.native.with(options.credentials), namespace: namespace)
        do {
            try await checkConstruction(host, oracle, options)
            let runner = CheckRunner(
                subject: GuestSubject(host: host), oracle: oracle, terms: options.terms, deadline: options.timeout ?? .seconds(30),
                parallel: options.jobs ?? 4)
            let recordings = await runner.run(selection, progress: progress)
            await Cleanup.shared.close(opened)
            return CheckRecord(
                connector: options.connector, host: "python \(python.version)", terms: options.terms, selection: selection,
                strict: options.strict ?? false, command: options.command,
                durationSeconds: began.duration(to: .now).inSeconds, recordings: recordings)
        } catch {
            await Cleanup.shared.close(opened)
            throw error
        }
    }

    /// The constructor must take full credentials at all, before the suite asks anything of it.
    private static func checkConstruction(_ host: ConnectorHost, _ oracle: EngineOracle, _ options: CheckOptions) async throws {
        let tenant = try await oracle.openTenant("construction")
        guard case .dict(let pairs) = tenant.validCredentials else { return }
        var credentials: [String: String] = [:]
        for pair in pairs { if let key = pair.key.string { credentials[key] = pair.value.string } }
        try await host.checkConstruction(credentials: credentials, within: options.timeout ?? .seconds(30))
        await oracle.closeTenant(tenant)
    }
}
