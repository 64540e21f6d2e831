import Foundation
import Glibc
import Harness
import ProcessSpawn
import TestedProgram
import Testing

@Suite("A job's dependencies")
struct DependencyTests {
    /// A folder with a wheel `lower` in two versions, `upper`, which needs the first of them, and `tool` with a program.
    private static func wheels(in folder: Folder) throws -> String {
        let wheels = folder.path + "/wheels of mine"
        try FileManager.default.createDirectory(atPath: wheels, withIntermediateDirectories: true)
        try ProbeWheel.write(name: "lower", version: "1.0", module: "lower", source: "version = '1.0'", to: wheels)
        try ProbeWheel.write(name: "lower", version: "2.0", module: "lower", source: "version = '2.0'", to: wheels)
        try ProbeWheel.write(
            name: "upper", version: "1.0", module: "upper", source: "import lower\nversion = 'upper on ' + lower.version",
            requirements: ["lower<2"], to: wheels)
        return wheels
    }

    /// Starts a server, runs `body`, ends it.
    private static func serve(
        _ folder: Folder, _ options: [String], environment: [String: String] = [:], _ body: (Server) async throws -> Void
    ) async throws {
        let server = try await Server.start(in: folder, options: ["--slots", "2"] + options, environment: environment)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        #expect(await server.end(SIGTERM) == 0)
        try result.get()
    }

    /// Variables by which a server finds an interpreter that, told to make an environment, does what `script` says; `"$python" "$@"` makes it.
    private static func interpreter(_ folder: Folder, making script: String) throws -> [String: String] {
        let python = try #require(["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) })
        try FileManager.default.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: true)
        let wrapper = try folder.write(
            "bin/python3",
            """
            #!/bin/sh
            python=\(python)
            case "$*" in *sys.executable*) printf %s "$0"; exit ;; *venv\\ *) \(script) ;; esac
            exec "$python" "$@"
            """)
        chmod(wrapper, 0o755)
        return ["PATH": folder.path + "/bin:" + (Place.environment["PATH"] ?? "/usr/bin:/bin")]
    }

    private static func body(_ code: String, _ dependencies: [String]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: ["code": code, "dependencies": dependencies]), as: UTF8.self)
    }

    private static func environments(_ folder: Folder) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/environments")) ?? []
        return names.sorted()
    }

    @Test("are installed with what they depend on, once for each set, whoever asks and in whatever order")
    func environment() async throws {
        let folder = try Folder()
        let wheels = try Self.wheels(in: folder)
        let code = "import sys, upper; print(upper.version, sys.prefix)"
        try await Self.serve(folder, ["--wheels", wheels]) { server in
            async let first = server.submit(code, "python", ["dependencies": ["upper", "lower >= 1"]])
            async let second = server.submit(code, "python", ["dependencies": ["lower >= 1", "upper"]])
            let plain = try await server.submit("import sys; print(sys.prefix); import upper", "python")
            let jobs = try await [first, second]
            for job in jobs {
                #expect(try await server.wait(job).jobStatus == "succeeded")
                #expect(try await server.logs(job).hasPrefix("upper on 1.0 \(server.ready.state)/environments/"))
            }
            #expect(Self.environments(folder).count == 1)
            #expect(try await server.wait(plain).jobStatus == "failed", "an environment is its own jobs' alone")
        }
        // The next server has it already: nothing is built from wheels that are gone.
        let before = Self.environments(folder)
        try await Self.serve(folder, ["--wheels", wheels]) { server in
            let job = try await server.submit(code, "python", ["dependencies": ["upper", "lower >= 1"]])
            #expect(try await server.wait(job).jobStatus == "succeeded")
            #expect(Self.environments(folder) == before)
            // A wheel that was made anew makes another environment.
            try ProbeWheel.write(name: "lower", version: "1.0", module: "lower", source: "version = '1.0 anew'", to: wheels)
            let renewed = try await server.submit(code, "python", ["dependencies": ["upper", "lower >= 1"]])
            #expect(try await server.wait(renewed).jobStatus == "succeeded")
            #expect(try await server.logs(renewed).hasPrefix("upper on 1.0 anew "))
        }
    }

    @Test("that cannot be had refuse the submission with pip's reason, and leave no job")
    func rejected() async throws {
        let folder = try Folder()
        try await Self.serve(folder, ["--wheels", try Self.wheels(in: folder)]) { server in
            let missing = try await server.request("POST", "/v1/jobs", try Self.body("", ["nowhere"]))
            #expect(missing.status == 422)
            #expect(missing.errorCode == "invalid")
            #expect(missing.errorMessage?.contains("No matching distribution found for nowhere") == true, "\(missing.text)")
            let conflict = try await server.request("POST", "/v1/jobs", try Self.body("", ["upper", "lower==2.0"]))
            #expect(conflict.errorMessage?.contains("upper 1.0 depends on lower<2") == true, "\(conflict.text)")
            #expect(try #require(conflict.errorMessage).contains("\n") == false)
            #expect(try await server.request("GET", "/v1/jobs").text.contains("\"jobs\":[]"))
            #expect(Self.environments(folder) == [])
        }
    }

    @Test("that cannot be had let the job fail with pip's reason, never started, where so configured")
    func failed() async throws {
        let folder = try Folder()
        try await Self.serve(folder, ["--wheels", try Self.wheels(in: folder), "--missing-dependencies", "fail"]) { server in
            let job = try await server.submit("print(1)", "python", ["dependencies": ["lower==3"]])
            let ended = try await server.wait(job)
            #expect(ended.jobStatus == "failed")
            #expect(ended["started_at"] is NSNull)
            #expect(ended.errorCode == "dependencies_failed")
            #expect(ended.errorMessage?.contains("No matching distribution found for lower==3") == true, "\(ended.text)")
            let good = try await server.submit("import lower; print(lower.version)", "python", ["dependencies": ["lower"]])
            #expect(try await server.wait(good).jobStatus == "succeeded")
            #expect(try await server.logs(good) == "2.0\n")
        }
    }

    @Test("are names with versions, and nothing that chooses where packages come from", arguments: [
        "--index-url http://127.0.0.1:9/simple", "-r requirements.txt", "./lower", "/etc", "lower @ file:///tmp/lower.whl", "https://127.0.0.1/x.whl",
        "lower\n--pre", "lower; import os", "lower>=",
    ])
    func strict(_ text: String) async throws {
        let folder = try Folder()
        try await Self.serve(folder, ["--wheels", try Self.wheels(in: folder), "--missing-dependencies", "fail"]) { server in
            let refused = try await server.request("POST", "/v1/jobs", try Self.body("", [text]))
            #expect(refused.status == 422)
            #expect(refused.errorMessage?.contains("is not a requirement") == true, "\(refused.text)")
        }
    }

    @Test("without a source are refused with the option to add; and a source that is none is refused at the start")
    func noSource() async throws {
        let folder = try Folder()
        try await Self.serve(folder, []) { server in
            let refused = try await server.request("POST", "/v1/jobs", try Self.body("", ["lower"]))
            #expect(refused.status == 422)
            #expect(refused.errorMessage?.contains("--wheels") == true)
        }
        for (options, named) in [(["--wheels", "nowhere"], "--wheels"), (["--index", "pypi"], "--index"), (["--missing-dependencies", "ask"], "reject or fail")] {
            let ended = try await run(TestedProgram.path, ["serve", "--state", "\(folder.path)/state"] + options, in: folder)
            #expect(ended.code == 2)
            #expect(ended.complaint?.contains(named) == true, "\(ended.errors)")
        }
    }

    @Test("come from an index where one is allowed, also for a job that calls pip itself")
    func index() async throws {
        let folder = try Folder()
        // What an index has a page for is a folder whose list its page is.
        try FileManager.default.createDirectory(atPath: folder.path + "/simple/listed", withIntermediateDirectories: true)
        try ProbeWheel.write(name: "listed", version: "1.0", module: "listed", source: "word = 'listed'", to: folder.path + "/simple/listed")
        let index = try spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", "exec python3 -u -m http.server 0 --bind 127.0.0.1"], environment: variables([:]),
                workingDirectory: folder.path, standardOutput: .file(path: folder.path + "/index.out", append: true),
                standardError: .file(path: folder.path + "/index.err", append: true)))
        do {
            let port = try await poll("the index listens") { folder.read("index.out").firstMatch(of: /port ([0-9]+)/)?.1 }
            try await Self.serve(folder, ["--index", "http://127.0.0.1:\(port)/simple"]) { server in
                let code = """
                    import subprocess, sys
                    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--force-reinstall", "listed"], check=True)
                    import listed
                    print(listed.word, "packages" in listed.__file__)
                    """
                let job = try await server.submit(code, "python", ["dependencies": ["listed"]])
                #expect(try await server.wait(job).jobStatus == "succeeded")
                let log = try await server.logs(job)
                #expect(log.contains("listed True\n"), "\(log)")
                let missing = try await server.request("POST", "/v1/jobs", try Self.body("", ["unlisted"]))
                #expect(missing.errorMessage?.contains("unlisted") == true, "\(missing.text)")
            }
        } catch {
            index.send(signal: SIGKILL)
            throw error
        }
        index.send(signal: SIGKILL)
        _ = await index.waitForExit()
    }

    @Test("an index that does not answer is a fault of the platform's, not a package that is missing")
    func deadIndex() async throws {
        let folder = try Folder()
        try await Self.serve(folder, ["--index", "http://me:secret@127.0.0.1:1/simple"]) { server in
            let refused = try await server.request("POST", "/v1/jobs", try Self.body("", ["lower"]))
            #expect(refused.status == 503)
            #expect(refused.errorCode == "unavailable")
            #expect(refused.errorMessage == "dependencies: the index at 127.0.0.1:1 does not answer", "\(refused.text)")
        }
    }

    @Test("that take their time hold up no other job, and a job that waits for them can be cancelled", .timeLimit(.minutes(5)))
    func slow() async throws {
        let folder = try Folder()
        let wheels = try Self.wheels(in: folder)
        // An interpreter that waits before it works makes builds as slow as this test wants them.
        let slow = try Self.interpreter(folder, making: "while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done")
        let server = try await Server.start(
            in: folder, options: ["--slots", "3", "--wheels", wheels, "--missing-dependencies", "fail"], environment: slow)
        do {
            let waiting = try await server.submit("import lower", "python", ["dependencies": ["lower"]])
            let cancelled = try await server.submit("import upper", "python", ["dependencies": ["upper"]])
            let other = try await server.submit("true")
            #expect(try await server.wait(other).jobStatus == "succeeded")
            #expect(try await server.request("POST", "/v1/jobs/\(cancelled)/cancel")["cancelled"] as? Bool == true)
            let ended = try await server.wait(cancelled)
            #expect(ended.jobStatus == "cancelled")
            #expect(ended["started_at"] is NSNull)
            #expect(try await server.job(waiting)["started_at"] is NSNull)
            try folder.write("go", "")
            #expect(try await server.wait(waiting).jobStatus == "succeeded")
        } catch {
            _ = await server.end(SIGTERM)
            throw error
        }
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test("a kill of the server in the middle of a build leaves no half environment, and the job gets its packages from the next server")
    func crash() async throws {
        let folder = try Folder()
        let wheels = try Self.wheels(in: folder)
        let options = ["--wheels", wheels, "--missing-dependencies", "fail"]
        // With the environment made and still empty, the first build stands at a FIFO until somebody writes there, which nobody does.
        let stand = folder.path + "/stand"
        #expect(mkfifo(stand, 0o600) == 0)
        let standing = try Self.interpreter(
            folder, making: #""$python" "$@" || exit; [ -e '\#(folder.path)/go' ] || read -r line < '\#(stand)'; exit 0"#)
        let server = try await Server.start(in: folder, options: options, environment: standing)
        let job = try await server.submit("import upper; print(upper.version)", "python", ["dependencies": ["upper"]])
        // It opens for writing only when there is a reader.
        let writer = try await poll("the build stands at the FIFO") {
            let descriptor = open(stand, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return descriptor >= 0 ? descriptor : nil
        }
        defer { close(writer) }
        #expect(try await server.job(job)["started_at"] is NSNull)
        _ = await server.end(SIGKILL)
        #expect(Self.environments(folder).contains { $0.hasPrefix("draft-") }, "what a killed build leaves is there for the next server")
        try folder.write("go", "")
        try await Self.serve(folder, options, environment: standing) { server in
            let ended = try await server.wait(job)
            #expect(ended.jobStatus == "succeeded", "\(ended.text)")
            #expect(try await server.logs(job) == "upper on 1.0\n")
            #expect(Self.environments(folder).count == 1)
        }
    }

    @Test("a job that calls pip itself gets packages from the same place, into its own folder alone", arguments: [[], ["lower"]])
    func pipInside(_ dependencies: [String]) async throws {
        let folder = try Folder()
        let code = """
            import subprocess, sys
            ask = lambda *words: subprocess.run([sys.executable, "-m", "pip", *words], check=True)
            ask("install", "upper")
            import upper
            print("got", upper.version, upper.__file__)
            """
        let hasPip = try await run("/bin/sh", ["-c", "python3 -m pip --version"], in: folder).code == 0
        guard hasPip || !dependencies.isEmpty else { return }
        try await Self.serve(folder, ["--wheels", try Self.wheels(in: folder)]) { server in
            let job = try await server.submit(code, "python", ["dependencies": dependencies, "environment": ["PYTHONPATH": "/nowhere"]])
            #expect(try await server.wait(job).jobStatus == "succeeded")
            let log = try await server.logs(job)
            #expect(log.contains("got upper on 1.0 \(server.ready.state)/jobs/\(job)/work/packages/upper.py"), "\(log)")
            let missing = try await server.submit(
                "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-m', 'pip', 'install', 'nowhere']).returncode)", "python",
                ["dependencies": dependencies])
            #expect(try await server.wait(missing).exitCode == 1)
            guard let name = dependencies.first else { return }
            let command = try await server.submit(
                "import subprocess; subprocess.run(['pip', 'show', '\(name)'], check=True)", "python", ["dependencies": dependencies])
            #expect(try await server.wait(command).exitCode == 0)
            let shown = try await server.logs(command)
            #expect(shown.contains("Name: \(name)\n"))
        }
    }

    @Test("a shell job is told of the same place, and finds what it put into its own folder")
    func shell() async throws {
        let folder = try Folder()
        let wheels = try Self.wheels(in: folder)
        let code = """
            echo "$PIP_NO_INDEX $PIP_FIND_LINKS $PIP_TARGET"
            echo 'print("found")' > packages/mine.py
            python3 -c 'import mine'
            """
        try await Self.serve(folder, ["--wheels", wheels]) { server in
            let job = try await server.submit(code, "shell", [:])
            #expect(try await server.wait(job).jobStatus == "succeeded")
            let log = try await server.logs(job)
            #expect(log.hasPrefix("1 ") && log.contains("/jobs/\(job)/work/packages\n") && log.hasSuffix("found\n"), "\(log)")
        }
    }
}
