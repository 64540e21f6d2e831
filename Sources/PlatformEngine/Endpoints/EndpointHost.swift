import Foundation
import Simulation

/// Keeps the endpoints of all tenants: starts their processes, sees them end, and remembers them across starts.
public actor EndpointHost {
    private struct Entry {
        var row: EndpointTable.Row
        var status: Endpoint.Status
        var reason: String?
        var process: EndpointProcess?
    }

    private let folder: String
    private let table: EndpointTable
    private let files: FileStore
    private let configuration: EngineConfiguration
    private var entries: [EndpointKey: Entry] = [:]
    /// Names that are on their way in or out.
    private var busy: Set<EndpointKey> = []
    private var interpreter: String?
    private var isStopped = false
    /// The folders of what is being started.
    private var starting: Set<String> = []

    init(folder: String, files: FileStore, configuration: EngineConfiguration) {
        self.folder = folder
        self.files = files
        self.configuration = configuration
        table = EndpointTable(path: folder + "/" + EndpointTable.fileName)
    }

    /// Serves a model. It answers on its URL when this returns.
    ///
    /// - Throws: `conflict` for a name that is taken; `invalid` with the reason for a model that cannot be served; `unavailable` for what is
    ///   no fault of the model, as a full disk. Then nothing of it is left.
    public func create(_ request: EndpointRequest, tenant: Tenant) async throws(PlatformError) -> Endpoint {
        let key = EndpointKey(tenant: tenant.name, name: request.name)
        guard entries[key] == nil, busy.insert(key).inserted else {
            throw PlatformError(.conflict, "there is an endpoint \"\(request.name)\" already; delete it first, or take another name")
        }
        defer { busy.remove(key) }
        var row = EndpointTable.Row(
            tenant: tenant.name, name: request.name, modelPath: request.modelPath, resources: request.resources,
            createdAt: configuration.clock.now(), port: 0, folder: UUID().uuidString)
        let process: EndpointProcess
        do throws(EndpointProcess.Failure) {
            process = try await start(row)
        } catch {
            removeFolder(of: row)
            throw PlatformError(error.code, error.reason)
        }
        row.port = process.port
        entries[key] = Entry(row: row, status: .ready, process: process)
        do throws(PlatformError) {
            guard !isStopped else { throw PlatformError(.unavailable, "the platform is stopping") }
            try save()
        } catch {
            entries[key] = nil
            watch(process, key)
            await process.end(graceSeconds: 0)
            removeFolder(of: row)
            throw error
        }
        watch(process, key)
        return try endpoint(request.name, tenant: tenant)
    }

    /// The tenant's endpoints, by name.
    public func endpoints(of tenant: Tenant) -> [Endpoint] {
        entries.filter { $0.key.tenant == tenant.name }.sorted { $0.key < $1.key }.map { Self.endpoint($0.value) }
    }

    /// - Throws: `notFound`.
    public func endpoint(_ name: String, tenant: Tenant) throws(PlatformError) -> Endpoint {
        Self.endpoint(try entry(name, tenant))
    }

    /// Ends an endpoint's process and all that it started, and forgets it. Its URL refuses connections when this returns.
    ///
    /// - Throws: `notFound`; `unavailable` when that could not be stored, and then it goes on.
    public func delete(_ name: String, tenant: Tenant) async throws(PlatformError) {
        let key = EndpointKey(tenant: tenant.name, name: name)
        let entry = try entry(name, tenant)
        entries[key] = nil
        do { try save() } catch {
            entries[key] = entry
            throw error
        }
        busy.insert(key)
        defer { busy.remove(key) }
        await entry.process?.end(graceSeconds: configuration.settings.cancelGraceSeconds)
        removeFolder(of: entry.row)
    }

    // MARK: start and stop of the platform

    /// Takes up what an earlier life of the platform served: ends what is left of its processes, and starts them anew, each where it was.
    func restore() throws(EngineError) {
        let rows = try table.read()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let kept = Set(rows.map(\.folder) + [EndpointTable.fileName])
        for name in names where !kept.contains(name) { removeRemains(name) }
        for row in rows {
            entries[row.key] = Entry(row: row, status: .starting)
            Task { await restore(row) }
        }
    }

    /// Of an endpoint that was on its way in or out when the platform crashed.
    private func removeRemains(_ name: String) {
        let remains = folder + "/" + name
        Task {
            await onOwnThread { EndpointTree(mark: remains).end(graceSeconds: 0) }
            try? FileManager.default.removeItem(atPath: remains)
        }
    }

    private func restore(_ row: EndpointTable.Row) async {
        let mark = ownFolder(row)
        await onOwnThread { EndpointTree(mark: mark).end(graceSeconds: 0) }
        guard !isStopped, entries[row.key]?.row.folder == row.folder else { return }
        do throws(EndpointProcess.Failure) {
            let process = try await start(row)
            watch(process, row.key)
            // It may have been deleted, or the platform be stopped, meanwhile.
            guard !isStopped, entries[row.key]?.row.folder == row.folder else {
                await process.end(graceSeconds: 0)
                return removeFolder(of: row, unless: isStopped)
            }
            entries[row.key]?.row.port = process.port
            entries[row.key]?.status = .ready
            entries[row.key]?.process = process
            // Where it cannot be noted, the next start takes the port of before.
            try? save()
        } catch {
            guard entries[row.key]?.row.folder == row.folder else { return }
            entries[row.key]?.status = .failed
            entries[row.key]?.reason = error.reason
        }
    }

    /// Ends every process. The next start serves them again.
    ///
    /// - Parameter graceSeconds: 0 kills at once, as a crash would.
    func stop(graceSeconds: Double) async {
        isStopped = true
        let processes = entries.values.compactMap(\.process)
        await withDiscardingTaskGroup { group in
            for process in processes { group.addTask { await process.end(graceSeconds: graceSeconds) } }
        }
        // What is still being loaded is not waited for.
        while !starting.isEmpty {
            for mark in starting.sorted() { await onOwnThread { EndpointTree(mark: mark).end(graceSeconds: 0) } }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: one process

    private func start(_ row: EndpointTable.Row) async throws(EndpointProcess.Failure) -> EndpointProcess {
        let model: String
        do {
            model = try ModelPath.file(row.modelPath, storage: files.folder(of: Tenant(name: row.tenant)))
        } catch {
            throw EndpointProcess.Failure(code: error.code, reason: error.message)
        }
        do throws(EndpointProcess.Failure) {
            let setting = EndpointProcess.Setting(
                interpreter: try await python(), model: model, folder: ownFolder(row), port: row.port,
                environment: configuration.environment, patienceSeconds: configuration.endpointLoadSeconds)
            guard !isStopped else { throw EndpointProcess.Failure(code: .unavailable, reason: "the platform is stopping") }
            starting.insert(setting.folder)
            defer { starting.remove(setting.folder) }
            return try await EndpointProcess.start(setting)
        } catch {
            throw EndpointProcess.Failure(code: error.code, reason: "the model \"\(row.modelPath)\" cannot be served: \(error.reason)")
        }
    }

    private func python() async throws(EndpointProcess.Failure) -> String {
        if let interpreter { return interpreter }
        switch await PythonInterpreter.find(configuration.environment) {
        case .success(let path):
            interpreter = path
            return path
        case .failure(let missing):
            throw EndpointProcess.Failure(reason: missing.detail)
        }
    }

    private func watch(_ process: EndpointProcess, _ key: EndpointKey) {
        process.onEnd { [weak self] reason in
            Task { await self?.ended(process, key, reason) }
        }
    }

    private func ended(_ process: EndpointProcess, _ key: EndpointKey, _ reason: String) {
        guard !isStopped, entries[key]?.process === process else { return }
        entries[key]?.status = .failed
        entries[key]?.reason = reason
        entries[key]?.process = nil
    }

    // MARK: what is kept

    private func entry(_ name: String, _ tenant: Tenant) throws(PlatformError) -> Entry {
        guard let entry = entries[EndpointKey(tenant: tenant.name, name: name)] else {
            throw PlatformError(.notFound, "there is no endpoint \"\(name.prefix(80))\"")
        }
        return entry
    }

    private static func endpoint(_ entry: Entry) -> Endpoint {
        Endpoint(
            name: entry.row.name, modelPath: entry.row.modelPath, resources: entry.row.resources, createdAt: entry.row.createdAt,
            status: entry.status, reason: entry.reason, port: entry.row.port)
    }

    private func save() throws(PlatformError) {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try table.write(entries.values.map(\.row))
    }

    private func ownFolder(_ row: EndpointTable.Row) -> String { folder + "/" + row.folder }

    private func removeFolder(of row: EndpointTable.Row, unless isKept: Bool = false) {
        if !isKept { try? FileManager.default.removeItem(atPath: ownFolder(row)) }
    }
}
