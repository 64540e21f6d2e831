import Conformance
import Foundation
import Testing

@testable import Harness

@Suite struct ProjectFileTests {
    @Test("every key is read") func everyKey() throws {
        let file = try ProjectFile.parse(
            """
            connector: acme.py:Acme
            python: .venv/bin/python
            credential: {api_key: "{token}", region: eu}
            only: [SUB, STA-03]
            skip: [OBS-02]
            level: should
            strict: true
            seed: 7
            jobs: 3
            timeout: 250ms
            capabilities:
              output: {supported: false, reason: the platform keeps no output}
              metrics: true
            limits: {max_gpus: 4, deadline: 10s}
            opt_outs: {LST-07: the platform sorts by name}
            """, path: "windtunnel.yaml")
        #expect(file.connector == "acme.py:Acme")
        #expect(file.python == ".venv/bin/python")
        #expect(file.credentials == [.init(key: "api_key", value: "{token}"), .init(key: "region", value: "eu")])
        #expect(file.only == ["SUB", "STA-03"])
        #expect(file.skip == ["OBS-02"])
        #expect(file.level == .should)
        #expect(file.strict == true)
        #expect(file.seed == 7)
        #expect(file.jobs == 3)
        #expect(file.timeout == .seconds(10))
        #expect(file.off == [.output: "the platform keeps no output"])
        #expect(file.maxGPUs == 4)
        #expect(file.optOuts == ["LST-07": "the platform sorts by name"])
    }

    @Test(
        "a mistake is one line with the file, the line and what would be right",
        arguments: [
            ("seed: 1\nstrickt: true", "windtunnel.yaml:2: unknown key 'strickt'; did you mean 'strict'?"),
            ("jobs: 0", "windtunnel.yaml:1: jobs must be a whole number, 1 or more"),
            ("level: shall", "windtunnel.yaml:1: level is 'shall'; it is one of must, should, info"),
            ("timeout: 30", "windtunnel.yaml:1: timeout is '30'; a duration has a unit, such as 250ms, 30s, 2m, 1h or 7d"),
            ("only: SUB", "windtunnel.yaml:1: only must be a list, such as [SUB, STA-03]"),
            (
                "capabilities: {outptu: true}", "windtunnel.yaml:1: unknown key 'outptu'; did you mean 'output'?"
            ),
            (
                "capabilities: {output: {supported: false}}",
                "windtunnel.yaml:1: the capability output is declared off without a reason; write {supported: false, reason: why}"
            ),
            ("opt_outs: {LST-99: because}", "windtunnel.yaml:1: opt_outs names LST-99, which is no clause of the contract"),
        ])
    func mistakes(_ text: String, _ line: String) {
        #expect(throws: UsageError.self) { try ProjectFile.parse(text, path: "windtunnel.yaml") }
        do { _ = try ProjectFile.parse(text, path: "windtunnel.yaml") } catch { #expect("\(error)" == line) }
    }

    @Test("the command line wins over the file") func precedence() {
        var options = CheckOptions(connector: "a:B", workingFolder: "/", environment: [:])
        options.seed = 3
        options.credentials = [.init(key: "region", value: "us")]
        var file = ProjectFile()
        file.seed = 9
        file.jobs = 5
        file.credentials = [.init(key: "region", value: "eu"), .init(key: "project", value: "x")]
        let filled = options.filled(from: file)
        #expect(filled.seed == 3)
        #expect(filled.jobs == 5)
        let template = CredentialTemplate(entries: []).with(filled.credentials)
        #expect(template.entries == [.init(key: "region", value: "us"), .init(key: "project", value: "x")])
    }

    @Test("literals are secrets by the end of their name, where they are no common word") func secrets() {
        let entries = [
            ("token_type", "Bearer and more"), ("key_id", "AKIA-12345678"), ("token", "abc"), ("token", "{token}"),
            ("Client_Secret", "s3cr3t-of-mine"), ("api_key", "k-0123456789"),
        ].map { CredentialTemplate.Entry(key: $0.0, value: $0.1) }
        #expect(CredentialTemplate(entries: entries).secrets == ["s3cr3t-of-mine", "k-0123456789"])
    }

    @Test("a replay command can be pasted, and shows no secret of the user's") func replay() {
        var options = CheckOptions(connector: "my file.py:Acme", workingFolder: "/", environment: [:])
        options.credentials = [.init(key: "password", value: "hunter2"), .init(key: "host", value: "{host}")]
        #expect(options.command == #"windtunnel check 'my file.py:Acme' --credential password="$PASSWORD" --credential host='{host}'"#)
    }
}
