import Foundation
import Simulation

/// The virtual environments of a platform: one for each set of requirements, built once and kept in the state folder.
actor DependencyEnvironments {
    nonisolated let source: DependencySource
    private nonisolated let folder: String
    private nonisolated let serverEnvironment: [String: String]
    private nonisolated let processes = BuildProcesses()
    private var installer: Task<Result<PackageInstaller, DependencyFailure>, Never>?
    /// By the environment's name.
    private var building: [String: Task<Result<String, DependencyFailure>, Never>] = [:]

    /// - Parameter folder: where environments lie; made when the first is built.
    init(folder: String, configuration: EngineConfiguration) {
        self.folder = folder
        serverEnvironment = configuration.environment
        var source = configuration.dependencies
        source.wheels = source.wheels.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
        self.source = source
        // What a crash left of a build.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(EnvironmentBuilder.draftPrefix) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// The folder of the environment that has these packages. Whoever asks for one that is being built waits for the same build.
    func environment(for requirements: [String]) async -> Result<String, DependencyFailure> {
        switch await foundInstaller() {
        case .failure(let failure):
            installer = nil  // it may be there next time
            return .failure(failure)

        case .success(let installer):
            let requirements = Requirement.set(requirements)
            let name = await onOwnThread { [source] in environmentName(requirements, installer, source) }
            if let build = building[name] { return await build.value }
            let builder = EnvironmentBuilder(
                installer: installer, source: source, processes: processes, serverEnvironment: serverEnvironment, folder: folder)
            let build = Task {
                await onOwnThread { () -> Result<String, DependencyFailure> in
                    do throws(DependencyFailure) {
                        return .success(try builder.build(requirements, name: name))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            building[name] = build
            defer { building[name] = nil }
            return await build.value
        }
    }

    /// Ends what is being built.
    nonisolated func stop() { processes.stop() }

    private func foundInstaller() async -> Result<PackageInstaller, DependencyFailure> {
        if let installer { return await installer.value }
        let search = Task { [folder, serverEnvironment, processes] in
            await onOwnThread { () -> Result<PackageInstaller, DependencyFailure> in
                do throws(DependencyFailure) {
                    return .success(try PackageInstaller.find(serverEnvironment, processes: processes, folder: folder))
                } catch {
                    return .failure(error)
                }
            }
        }
        installer = search
        return await search.value
    }
}

/// Equal for equal requirements from an equal source, for the same interpreter. Wheels count with their size and time: one that was made anew is another.
private func environmentName(_ requirements: [String], _ installer: PackageInstaller, _ source: DependencySource) -> String {
    var parts = [installer.python, installer.version, source.index ?? "", source.wheels ?? ""]
    if let wheels = source.wheels {
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: wheels)) ?? []).sorted() {
            var status = stat()
            guard stat("\(wheels)/\(name)", &status) == 0 else { continue }
            parts.append("\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
        }
    }
    let path = (parts + requirements).map { Draw.Component.text($0) }
    return ["environment", "environment, the second half"].map { half in
        let digits = String(Draw(seed: 0, path: [.text(half)] + path).bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
}
