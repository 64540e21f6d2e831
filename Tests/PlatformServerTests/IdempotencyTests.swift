import Foundation
import PlatformEngine
import Testing

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private let key: [(name: String, value: String)] = [("Idempotency-Key", "order-66")]

    @Test("the same key and body give the first job, while it runs and after its end")
    func sameBody() async throws {
        try await TestPlatform.run { platform in
            let body = #"{"code": "echo 1", "language": "shell"}"#
            let first = try await platform.post("/v1/jobs", body, headers: key)
            let again = try await platform.post("/v1/jobs", body, headers: key)
            let id = try #require(first.string("id"))
            #expect(again.status == 201 && again.string("id") == id)
            _ = try await platform.ended(id)
            let late = try await platform.post("/v1/jobs", body, headers: key)
            #expect(late.status == 201 && late.string("id") == id && late.string("status") == "succeeded")
            #expect(try await platform.get("/v1/jobs").ids == [id])
        }
    }

    @Test("the same key with another body is a conflict, while it runs and after its end")
    func otherBody() async throws {
        try await TestPlatform.run { platform in
            let first = try await platform.post("/v1/jobs", #"{"code": "true", "language": "shell"}"#, headers: key)
            let other = #"{"code": "false", "language": "shell"}"#
            #expect(try await platform.post("/v1/jobs", other, headers: key).status == 409)
            _ = try await platform.ended(try #require(first.string("id")))
            let late = try await platform.post("/v1/jobs", other, headers: key)
            #expect(late.status == 409 && late.string("error.code") == "conflict")
        }
    }

    @Test("another spelling of the same letters is another body", arguments: [
        (#""code": "print('\u00e9')""#, #""code": "print('e\u0301')""#),
        (#""code": "1", "labels": {"a": "\u00e9"}"#, #""code": "1", "labels": {"a": "e\u0301"}"#),
        (#""code": "1", "environment": {"\u00e9": ""}"#, #""code": "1", "environment": {"e\u0301": ""}"#),
        (#""code": "1", "resources": {"custom_params": {"a": "\u00e9"}}"#, #""code": "1", "resources": {"custom_params": {"a": "e\u0301"}}"#),
    ])
    func spelling(_ first: String, _ other: String) async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.post("/v1/jobs", "{\(first)}", headers: key)
            #expect(made.status == 201)
            #expect(try await platform.post("/v1/jobs", "{\(first)}", headers: key).string("id") == made.string("id"))
            #expect(try await platform.post("/v1/jobs", "{\(other)}", headers: key).status == 409)
        }
    }

    @Test("twenty at once with one key make one job")
    func atOnce() async throws {
        try await TestPlatform.run { platform in
            let key = key
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<20 {
                    group.addTask { [client = platform.client] in
                        JSON(try await client.request("POST", "/v1/jobs", json: #"{"code": "1"}"#, headers: key)).string("id")
                    }
                }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(ids.count == 1 && !ids.contains(nil))
            #expect(try await platform.get("/v1/jobs").ids.count == 1)
        }
    }
}
