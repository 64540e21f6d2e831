import Foundation
import JobExecution
import ProcessSpawn

/// Runs jobs under bubblewrap: a network of their own with loopback alone, a system that they can only read, a `/tmp`, processes and IPC of their
/// own. Of the state folder a job sees its own folder, and can read the environments and the wheels.
struct Sandbox: Sendable {
    /// The `bwrap` program.
    let bubblewrap: String
    /// The `windtunnel` program, whose inner part tells how the job ended.
    let executable: String
    let stateFolder: String
    /// What of the hidden folders a job can read all the same.
    let readable: [String]

    /// - Returns: the same job in a sandbox.
    func wrap(_ launch: JobLaunch, jobFolder: String, workFolder: String) -> JobLaunch {
        var wrapped = launch
        wrapped.executable = Self.shell
        wrapped.arguments = arguments(optionsFile: "\(jobFolder)/\(Self.optionsFile)", command: [launch.executable] + launch.arguments)
        // The job's variables are for the inside alone: outside, one of the dynamic linker's would be a way around the walls. What the node adds
        // is passed on.
        wrapped.environment = []
        let variables = launch.environment.flatMap { ["--setenv", $0.name, $0.value] }
        let more = ["--bind", jobFolder, jobFolder, "--chdir", workFolder]
        wrapped.files.append(LaunchFile(path: Self.optionsFile, contents: Self.optionsText(options + more + variables)))
        wrapped.launcher = .cold
        return wrapped
    }

    /// What the shell gets that stands outside.
    private func arguments(optionsFile: String, command: [String]) -> [String] {
        ["-c", Self.script, "windtunnel-sandbox", optionsFile, bubblewrap, "--args", "5", "--", executable, "node", SandboxedMain.argument] + command
    }

    /// In a file, for on a command line everybody could read the job's variables.
    private static let optionsFile = "sandbox"

    private static func optionsText(_ options: [String]) -> [UInt8] { options.flatMap { Array($0.utf8) + [0] } }

    private var options: [String] {
        var options = ["--die-with-parent", "--unshare-all", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        // Root outside is the owner of the kernel's settings, also without any capability.
        options += ["--ro-bind-try", "/proc/sys", "/proc/sys"]
        // Sockets in /run lead to the services of this machine.
        for folder in ["/tmp", "/var/tmp", "/run"] where access(folder, F_OK) == 0 { options += ["--tmpfs", folder] }
        options += ["--ro-bind-try", "/run/current-system", "/run/current-system", "--tmpfs", stateFolder]
        for path in readable + [executable] { options += ["--ro-bind-try", path, path] }
        return options
    }

    private static let shell = "/bin/sh"

    /// The job's main process, outside. It stays while the sandbox goes, and then ends as the job did. Signals that ask a job to end reach every
    /// process of it: bubblewrap and this one must not follow them, or the job would be killed instead of asked.
    private static let script = """
        trap '' TERM INT HUP QUIT USR1 USR2
        exec 4>&1 5<"$1"
        shift
        end=$(exec 3>&1 >&4 4>&-; exec "$@")
        code=$?
        case $end in
        'code '*) exit "${end#code }" ;;
        'signal '*)
            trap - TERM INT HUP QUIT USR1 USR2
            ulimit -c 0
            kill -"${end#signal }" $$
            exit 1
            ;;
        esac
        exit "$code"
        """
}

extension Sandbox {
    /// Looks for bubblewrap, and tries it.
    /// - Throws: `sandbox`, with what is missing or forbidden, and what to do about it.
    static func find(_ configuration: EngineConfiguration, _ folder: StateFolder) async throws(EngineError) -> Sandbox {
        let path = configuration.environment["PATH"] ?? LaunchComposer.standardPath
        guard let bubblewrap = findExecutable(named: "bwrap", path: path) else {
            throw .sandbox(detail: "bubblewrap (bwrap) is not on the PATH; install it (Debian: apt-get install bubblewrap), or leave --sandbox out")
        }
        let wheels = configuration.dependencies.wheels.map { [URL(fileURLWithPath: $0).resolvingSymlinksInPath().path] } ?? []
        let sandbox = Sandbox(
            bubblewrap: bubblewrap, executable: configuration.executable, stateFolder: folder.path, readable: wheels + [folder.environments])
        if let refusal = await onOwnThread({ sandbox.refusal(in: folder.path) }) {
            throw .sandbox(
                detail: "bubblewrap cannot make a sandbox on this machine: \(refusal); allow user namespaces "
                    + "(sysctl kernel.unprivileged_userns_clone=1, in a container its own setting), or leave --sandbox out")
        }
        return sandbox
    }

    /// Runs nothing in a sandbox, once. It blocks: for a thread of the caller's own.
    /// - Returns: why that does not work; nil where it does.
    private func refusal(in folder: String) -> String? {
        do throws(DependencyFailure) {
            let room = try BuildRoom(folder + "/sandbox-trial")
            defer { room.remove() }
            let file = "\(room.folder)/\(Self.optionsFile)"
            guard FileManager.default.createFile(atPath: file, contents: Data(Self.optionsText(options))) else { return "cannot write \(file)" }
            let trial = arguments(optionsFile: file, command: [Self.shell, "-c", "exit 0"])
            let ended = try BuildProcesses().run(Self.shell, trial, environment: room.environment([:]), in: room)
            if ended.isSuccess { return nil }
            let last = ended.output.split(whereSeparator: \.isNewline).last.map { String($0) } ?? ""
            return last.isEmpty ? "no reason given" : last
        } catch {
            return error.description
        }
    }
}
