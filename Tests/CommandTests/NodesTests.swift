import Foundation
import Glibc
import NativeClient
import TestedProgram
import Testing

@Suite("Several nodes, from the command line", .timeLimit(.minutes(5)))
struct NodesTests {
    @Test("serve --nodes runs jobs on all of them, as far as they have what is asked for, and outlives the loss of one")
    func nodes() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, "--nodes", "2", "--slots", "1", "--node-cpus", "2", "--node-gpus", "1")
        let code = "while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done; exit 4"
        let jobs = [try await server.submit(code), try await server.submit(code, "shell", ["resources": ["cpu_count": 2]])]
        for id in jobs { _ = try await server.wait(id, ["running"]) }
        #expect(try await server.job(jobs[0])["node"] as? String == "node-1")
        #expect(try await server.job(jobs[1])["node"] as? String == "node-2")
        let killed = Answered(try await server.admin.request("POST", "/admin/nodes/node-1/kill"))
        #expect(killed.status == 200 && killed["condition"] as? String == "down")
        #expect(try await server.wait(jobs[0]).errorCode == "node_lost")
        let shown = try await windtunnel("jobs", "show", jobs[0], "--state", "state", in: folder).output
        #expect(shown.contains(/peak memory +not known: lost with its node\n/), "\(shown)")
        try folder.write("go", "")
        #expect(try await server.wait(jobs[1]).exitCode == 4)
        #expect(try await server.wait(try await server.submit("true")).jobStatus == "succeeded")
        #expect(await server.end(SIGTERM) == 0)
        #expect(processes(with: folder.path + "/state") == [])
    }

    @Test("kill -9 of the server and of nodes under load: nothing is lost, nothing runs twice, nothing is left")
    func torture() async throws {
        let folder = try Folder()
        let script = Place.root + "/scripts/torture.py"
        let ended = try await run(
            "/usr/bin/env", ["python3", script, "--rounds", "3", "--jobs", "30", "--nodes", "2", "--slots", "2", "--node-kills", "2", TestedProgram.path],
            in: folder)
        // Also, a job surely ran when the server was killed.
        #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
    }
}
