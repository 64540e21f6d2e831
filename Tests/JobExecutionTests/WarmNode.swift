import Foundation
import JobExecution
import ProcessSpawn
import Testing

extension NodeUnderTest {
    static let python = findExecutable(named: "python3", path: "/usr/local/bin:/usr/bin:/bin") ?? "/usr/bin/python3"

    /// Launches a Python job as the engine composes it.
    func python(
        _ job: String, _ code: String, _ launcher: Launcher, environment: [(name: String, value: String)] = [], limits: [ResourceLimit] = [],
        gated: Bool = false
    ) {
        let work = folder.workFolder(ofJob: job)
        client.launch(
            JobLaunch(
                job: job, executable: Self.python, arguments: ["-u", "\(work)/main.py"],
                environment: [("HOME", work), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("TMPDIR", "\(work)/tmp")] + environment,
                gated: gated, files: [LaunchFile(path: "work/main.py", contents: Array(code.utf8))], folders: ["work/tmp"], limits: limits,
                launcher: launcher))
    }

    /// Runs jobs until one is a fork. A spawned process's arguments are texts, each with an end of its own; a fork's are one text.
    func warmUp() async throws {
        let code = "import time\nprint(open('/proc/self/cmdline', 'rb').read().count(b'\\0') < 3)\ntime.sleep(0.02)"
        while true {
            let job = "warm-up-\(UUID().uuidString)"
            python(job, code, .warm)
            _ = try await exit(job)
            if try output(job) == "True\n" { return }
        }
    }

    func errorOutput(_ job: String) throws -> String { try String(contentsOfFile: folder.standardError(ofJob: job), encoding: .utf8) }

    /// The node's interpreters, without the spares that they have forked.
    var zygotes: [ProcessEntry] { interpreters().filter { !$0.isSpare }.map(\.process) }

    /// Forks that wait to become a job.
    var spares: [ProcessEntry] { interpreters().filter(\.isSpare).map(\.process) }

    private func interpreters() -> [(process: ProcessEntry, isSpare: Bool)] {
        allProcesses().compactMap { process in
            guard !process.hasEnded, process.parent == client.pid,
                let text = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process.pid)/cmdline"))
            else { return nil }
            let title = String(decoding: text, as: UTF8.self)
            return title.contains(/\/zygote\.[\w-]+\.pyc\b/) ? (process, title.contains("waits for a job")) : nil
        }
    }
}
