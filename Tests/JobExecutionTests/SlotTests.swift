import Foundation
import JobExecution
import Testing

@Suite("The slots of a node", .timeLimit(.minutes(5)))
struct SlotTests {
    @Test("what is launched beyond them waits, and starts in order as others end")
    func wait() async throws {
        try await NodeUnderTest.with { node in
            node.client.limit(slots: 1)
            node.shell("first", "read line < \"$WINDTUNNEL_GATE\"; date +%s%N", gated: true)
            node.shell("second", "date +%s%N")
            node.shell("third", "date +%s%N")
            _ = try await node.started("first")
            let known = try await node.client.report()
            #expect(known.map(\.job) == ["first", "second", "third"])
            #expect(known.dropFirst().map(\.state) == [.queued, .queued])
            node.client.openGate(job: "first")
            var times: [Int] = []
            for job in ["first", "second", "third"] {
                #expect(try await node.exit(job).exitCode == 0)
                times.append(try #require(Int(try node.output(job).trimmingCharacters(in: .whitespacesAndNewlines))))
            }
            #expect(times == times.sorted())
        }
    }

    @Test("one that waits and is told to end is dropped, and never runs")
    func drop() async throws {
        try await NodeUnderTest.with { node in
            node.client.limit(slots: 1)
            node.shell("first", "read line < \"$WINDTUNNEL_GATE\"", gated: true)
            node.shell("second", "true")
            _ = try await node.started("first")
            node.client.signal(job: "second", .terminate)
            let message = await node.next { if case .launchFailed("second", let message) = $0 { message } else { nil } }
            #expect(message == "it was told to end before it was started")
            #expect(!FileManager.default.fileExists(atPath: node.folder.folder(ofJob: "second")))
        }
    }

    @Test("launching one again that waits does not run it twice")
    func again() async throws {
        try await NodeUnderTest.with { node in
            node.client.limit(slots: 1)
            node.shell("first", "read line < \"$WINDTUNNEL_GATE\"", gated: true)
            for _ in 0..<2 { node.shell("second", "echo ran") }
            _ = try await node.started("first")
            node.client.openGate(job: "first")
            _ = try await node.exit("second")
            #expect(try await node.client.report().filter { $0.job == "second" }.count == 1)
            #expect(try node.output("second") == "ran\n")
        }
    }

    @Test("what a job sets on its standard input is not there for the next")
    func inputIsOwn() async throws {
        try await NodeUnderTest.with { node in
            let code = "import fcntl, os\nprint(fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK)\nfcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)"
            for job in ["first", "second"] {
                node.python(job, code)
                #expect(try await node.exit(job).exitCode == 0)
                let output = try node.output(job)
                #expect(output == "0\n")
            }
        }
    }
}
