import Foundation
import PlatformEngine
import Simulation
import Testing

@Suite("How much a submission may have", .timeLimit(.minutes(5)))
struct SubmissionLimitsTests {
    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// A body's fields beside the code, by how many bytes the field has.
    private static let fields: [(field: String, max: Int, body: @Sendable (Int) -> [String: Any])] = [
        ("labels", 65_536, { ["labels": ["a": text($0 - 3), "b": "c"]] }),
        ("dependencies", 65_536, { ["dependencies": ["a", text($0 - 1)]] }),
        ("resources.custom_params", 65_536, { ["resources": ["custom_params": ["a": text($0 - 8)]]] }),
        ("resources.instance_type", 255, { ["resources": ["instance_type": text($0)]] }),
        ("name", 1024, { ["name": String(repeating: "e", count: 3) + String(repeating: "\u{301}", count: ($0 - 3) / 2) + text(($0 - 3) % 2)] }),
        ("environment", 1_048_576, { bytes in
            // Sixteen variables, of which each alone would do.
            let names = (0..<16).map { "V\($0 + 10)" }
            return ["environment": Dictionary(uniqueKeysWithValues: names.map { ($0, text(bytes / 16 - 4 + ($0 == "V10" ? bytes % 16 : 0))) })]
        }),
    ]

    @Test("one byte more is refused with the field and the bound, and no byte less")
    func bytes() async throws {
        try await TestPlatform.run { platform in
            for (field, max, body) in Self.fields {
                let refused = try await post(body(max + 1), platform)
                #expect(refused.status == 422 && refused.string("error.code") == "invalid", "\(field)")
                #expect(refused.string("error.message") == "\(field): has \(max + 1) bytes, more than the \(max) that it may have")
                // At the bound it is what the field says that counts: there is no such instance type, and no such requirement.
                let taken = try await post(body(max), platform)
                #expect(taken.string("error.message")?.contains("more than") != true, "\(field)")
                if ["labels", "resources.custom_params", "name", "environment"].contains(field) { #expect(taken.status == 201, "\(taken.text.prefix(200))") }
            }
        }
    }

    @Test("too many variables, and one that Linux cannot give to a process, are refused; the largest that it can arrives")
    func variables() async throws {
        try await TestPlatform.run { platform in
            let many = Dictionary(uniqueKeysWithValues: (0..<4097).map { ("V\($0)", "") })
            #expect(
                try await post(["environment": many], platform).string("error.message")
                    == "environment: has 4097 variables, more than the 4096 that a job may have")
            #expect(
                try await post(["environment": ["BIG": Self.text(131_068)]], platform).string("error.message")
                    == "environment: the variable \"BIG\" has 131072 bytes with its name, more than the 131071 that Linux gives to a process")
            let result = try await platform.result(
                "printf '%s' \"${#BIG}\"", extra: ["environment": ["BIG": Self.text(131_067)]])
            #expect(result.string("output") == "131067")
            let all = Dictionary(uniqueKeysWithValues: (0..<4096).map { ("V\($0)", "1") })
            #expect(try await platform.result("env | grep -c '^V'", extra: ["environment": all]).string("output") == "4096\n")
        }
    }

    @Test("a stored submission that its node cannot read fails alone: what comes after it runs")
    func unreadable() async throws {
        try await TestPlatform.run(slots: 1) { platform in
            let variables = Dictionary(uniqueKeysWithValues: (0..<65_537).map { ("V\($0)", "") })
            let record = try await platform.engine.submit(Submission(code: "true", language: .shell, environment: variables), tenant: platform.tenant)
            let failed = try await platform.ended(record.id)
            #expect(failed.string("status") == "failed" && failed.string("error.code") == "launch_failed")
            #expect(failed.string("error.message")?.contains("more than the 65536 that a node takes") == true)
            let next = try await platform.result("echo next")
            #expect(next.string("output") == "next\n" && next.int("attempt") == 1)
        }
    }

    private func post(_ extra: [String: Any], _ platform: TestPlatform) async throws -> JSON {
        let body = try JSONSerialization.data(withJSONObject: ["code": "", "language": "shell"].merging(extra) { $1 })
        return try await platform.post("/v1/jobs", String(decoding: body, as: UTF8.self))
    }
}
