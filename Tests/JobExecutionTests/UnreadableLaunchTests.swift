import Testing

@testable import JobExecution

@Suite("A launch that cannot be read")
struct UnreadableLaunchTests {
    @Test("is told as a launch that failed, and what is asked after it is done", .timeLimit(.minutes(5)))
    func tooManyVariables() async throws {
        try await NodeUnderTest.with { node in
            node.shell("large", "true", environment: (0...Wire.listCountMax).map { (name: "V\($0)", value: "") })
            let message = try #require(await node.next { if case .launchFailed("large", let message) = $0 { message } else { nil } })
            #expect(message == "it has 65538 variables, more than the 65536 that a node takes")
            node.shell("small", "echo small")
            #expect(try await node.exit("small").exitCode == 0)
        }
    }

    @Test("wherever its message breaks off behind its job's name, it is that job's own", arguments: [0, 1, 7, 40])
    func torn(_ missing: Int) throws {
        let frame = NodeRequest.launch(JobLaunch(job: "j", executable: "/bin/true", environment: [("A", "b")])).frame()
        let request = try NodeRequest(frame: frame.dropFirst(Wire.lengthBytes).dropLast(missing))
        switch request {
        case .launch(let launch): #expect(missing == 0 && launch.job == "j")
        case .unreadableLaunch(let job, let reason): #expect(missing > 0 && job == "j" && reason == "a message ends too early")
        default: Issue.record("it became another request")
        }
    }
}
