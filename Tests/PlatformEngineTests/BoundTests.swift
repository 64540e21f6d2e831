import Foundation
import PlatformEngine
import Simulation
import Testing

@Suite("What bounds a job", .timeLimit(.minutes(5)))
struct BoundTests {
    @Test("more memory than asked for fails the job as out of memory, whatever it made of that")
    func memory() async throws {
        try await withEngine { engine, tenant in
            let code = "import time\nheld = bytearray(b'x') * (200 << 20)\ntime.sleep(600)"
            let job = try await ended(
                Submission(code: code, language: .python, resources: Resources(memoryGB: 0.1)), engine, tenant)
            #expect(job.status == .failed)
            #expect(job.error?.code == "out_of_memory")
        }
    }

    @Test("the least memory that can be asked for is a limit like any other")
    func leastMemory() async throws {
        try await withEngine { engine, tenant in
            let job = try await ended(Submission(code: "held = bytearray(b'x') * (40 << 20)", language: .python, resources: Resources(memoryGB: 0.001)), engine, tenant)
            #expect(job.error?.message == "memory_gb: used more than 0.001 GB")
        }
    }

    @Test("more on the disk than asked for fails the job")
    func disk() async throws {
        try await withEngine { engine, tenant in
            let code = "head -c 50000000 /dev/zero > \"$WINDTUNNEL_ARTIFACTS_DIR/big\"; sleep 600"
            let job = try await ended(Submission(code: code, language: .shell, resources: Resources(diskSizeGB: 0.01)), engine, tenant)
            #expect(job.status == .failed)
            #expect(job.error?.code == "disk_limit")
            #expect(job.error?.message == "disk_size_gb: used more than 0.01 GB")
        }
    }

    @Test("a log that grows beyond its limit is shown up to there, with a line, while the job runs and after")
    func log() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var configuration = EngineConfiguration.test(folder)
        configuration.logBytesMax = 1 << 20
        try await withEngine(configuration) { engine, tenant in
            let code = "echo first; echo error >&2; head -c 9000000 /dev/zero | tr '\\0' x; echo; while [ ! -e go ]; do sleep 0.01; done; echo last >&2"
            let id = try await engine.submit(Submission(code: code, language: .shell), tenant: tenant).id
            let marker = Data("\n[windtunnel: the log is cut here, at 1 MiB; what follows was dropped]\n".utf8)
            var shown: [LogStream: [Data]] = [:]
            while shown[.combined]?.last?.range(of: marker) == nil {
                for stream in LogStream.allCases {
                    shown[stream, default: []].append(Data(try await engine.log(stream, ofJob: id, tenant: tenant).all()))
                }
            }
            let work = "\(configuration.stateFolder)/jobs/\(id)/work"
            #expect(FileManager.default.createFile(atPath: work + "/go", contents: nil))
            #expect(await engine.waitFor(tenant) { $0.allSatisfy { $0.record.status == .succeeded } })
            for stream in LogStream.allCases {
                shown[stream, default: []].append(Data(try await engine.log(stream, ofJob: id, tenant: tenant).all()))
                let reads = shown[stream] ?? []
                for (earlier, later) in zip(reads, reads.dropFirst()) { #expect(later.starts(with: earlier), "\(stream)") }
            }
            #expect(shown[.stdout]?.last?.count == 1 << 20 + marker.count)
            #expect(shown[.combined]?.last?.range(of: Data("error\n".utf8)) != nil)
            #expect(shown[.combined]?.last?.suffix(5) == Data("last\n".utf8))
            let result = try await engine.result(ofJob: id, tenant: tenant)
            #expect(result.output.hasSuffix("what follows was dropped]\n"))
            #expect(result.isOutputTruncated)
        }
    }

    private func ended(_ submission: Submission, _ engine: Engine, _ tenant: Tenant) async throws -> JobRecord {
        let id = try await engine.submit(submission, tenant: tenant).id
        #expect(await engine.waitFor(tenant) { $0.allSatisfy(\.record.status.isTerminal) })
        return try await engine.job(id, tenant: tenant)
    }
}
