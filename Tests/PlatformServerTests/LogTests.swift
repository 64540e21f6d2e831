import Foundation
import PlatformEngine
import Testing

@Suite("Logs", .timeLimit(.minutes(5)))
struct LogTests {
    /// Writes a step of each stream whenever it is told to by a file, so that a test decides what was there at each read.
    private static let talker = """
        i=0
        while [ $i -lt 4 ]; do
            i=$((i + 1))
            while [ ! -e "$HOME/go$i" ]; do sleep 0.01; done
            echo "out $i é"; echo "err $i" >&2; printf "half $i "
            touch "$HOME/did$i"
        done
        """

    @Test("an earlier read of any stream is a prefix of a later one, and at the end everything is there")
    func prefixes() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(Self.talker)
            await platform.waitUntil(id, is: .running)
            let work = platform.engine.stateFolder + "/jobs/\(id)/work"
            var seen = ["combined": [""], "stdout": [""], "stderr": [""]]
            for step in 1...4 {
                try touch("\(work)/go\(step)")
                while !FileManager.default.fileExists(atPath: "\(work)/did\(step)") { await Task.yield() }
                for stream in seen.keys.sorted() {
                    seen[stream]?.append(try await platform.get("/v1/jobs/\(id)/logs?stream=\(stream)").text)
                }
            }
            _ = try await platform.ended(id)
            for stream in seen.keys.sorted() {
                let final = try await platform.get("/v1/jobs/\(id)/logs?stream=\(stream)").text
                for (earlier, later) in zip(seen[stream] ?? [], (seen[stream] ?? []).dropFirst() + [final]) {
                    #expect(later.hasPrefix(earlier), "\(stream)")
                }
                #expect(Set(seen[stream] ?? []).count > 3, "\(stream) grew while the job ran")
                seen[stream] = [final]
            }
            let output = "out 1 é\nhalf 1 out 2 é\nhalf 2 out 3 é\nhalf 3 out 4 é\nhalf 4 "
            #expect(seen["stdout"] == [output])
            #expect(seen["stderr"] == ["err 1\nerr 2\nerr 3\nerr 4\n"])
            let combined = try #require(seen["combined"]?.first)
            // Both streams, each in its own order, and looked at so often that they are interleaved.
            #expect(combined.utf8.count == output.utf8.count + "err 1\n".utf8.count * 4)
            #expect(combined.hasPrefix("out 1 é\nerr 1\n"))
        }
    }

    @Test("the order of the combined log survives a restart")
    func prefixAcrossRestart() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var id = ""
        var earlier = ""
        try await TestPlatform.run(in: folder) { platform in
            id = try await platform.submit(Self.talker)
            await platform.waitUntil(id, is: .running)
            let work = platform.engine.stateFolder + "/jobs/\(id)/work"
            for step in 1...2 {
                try touch("\(work)/go\(step)")
                while !FileManager.default.fileExists(atPath: "\(work)/did\(step)") { await Task.yield() }
                earlier = try await platform.get("/v1/jobs/\(id)/logs").text
            }
        }
        try await TestPlatform.run(in: folder) { platform in
            let later = try await platform.get("/v1/jobs/\(id)/logs").text
            #expect(later.hasPrefix(earlier) && earlier.contains("err 1\nhalf 1 out 2"))
        }
    }

    @Test("offset leaves out bytes at the beginning, of each stream")
    func offset() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("echo 0123; echo 4567 >&2")
            _ = try await platform.ended(id)
            for (query, text) in [
                ("", "0123\n4567\n"), ("?offset=2", "23\n4567\n"), ("?offset=7", "67\n"), ("?offset=10", ""), ("?offset=999", ""),
                ("?stream=stderr&offset=1", "567\n"), ("?stream=stdout&offset=5", ""), ("?follow=false&stream=stdout", "0123\n"),
            ] {
                let answer = try await platform.get("/v1/jobs/\(id)/logs" + query)
                #expect(answer.text == text, "\(query)")
                #expect(answer.response.header("Content-Type") == "text/plain; charset=utf-8")
            }
        }
    }

    @Test("a long log comes whole")
    func long() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("import sys\nfor i in range(300000): sys.stdout.write(f'{i}\\n')", language: "python")
            _ = try await platform.ended(id)
            let text = try await platform.get("/v1/jobs/\(id)/logs").text
            #expect(text == (0..<300_000).map { "\($0)\n" }.joined())
        }
    }
}
