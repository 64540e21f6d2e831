import Foundation
import Recording
import Testing

@testable import ConnectorHost

@Suite struct ValueTests {
    static let echo = connectorSource("def get_logs(self, value): return value")

    @Test(
        "a value that is passed and returned comes back as it was",
        arguments: [
            .none, true, false, 0, -7, .int(.max), .int(.min), .double(0.1), .double(-.infinity), .double(1e300), "", "a\n\"'\\$\u{0}é😀",
            .bytes([0, 255, 10]), .list([1, .tuple([true, "x"]), .dict([.init(2, .list([])), .init("k", .none)])]),
            .member(.init(type: "JobStatus", name: "RUNNING", value: "running", isContract: true)),
        ] as [Value])
    func roundTrip(_ value: Value) async throws {
        try await withSession(Self.echo) { session async throws in
            #expect(try await session.outcome("get_logs", value) == .returned(value))
        }
    }

    @Test("NaN stays NaN, and a text of 16 MiB passes")
    func extremes() async throws {
        try await withSession(Self.echo) { session async throws in
            guard case .returned(.double(let number)) = try await session.outcome("get_logs", .double(.nan)) else {
                Issue.record("no float came back")
                return
            }
            #expect(number.isNaN)
            let large = String(repeating: "é\n234567", count: 1 << 21)
            #expect(try await session.outcome("get_logs", .string(large)) == .returned(.string(large)))
        }
    }

    @Test("a ResourceConfig is passed as the contract's own class, and a result comes back as a record")
    func records() async throws {
        let source = connectorSource(
            """
            def submit_job(self, code, resource_config=None):
                assert type(resource_config) is ResourceConfig
                return [resource_config.gpu_count, resource_config.custom_params, resource_config.auto_shutdown]
            """)
        try await withSession(source) { session async throws in
            let config = Value.record(
                .init(
                    type: "ResourceConfig", fields: [.init("instance_type", "a"), .init("gpu_count", 2), .init("custom_params", .dict([]))],
                    isContract: true))
            #expect(try await session.outcome("submit_job", "x", config) == .returned(.list([2, .dict([]), true])))
            let record = try await session.outcome("get_job_result", "j").value?.record
            #expect(record?.type == "JobResult" && record?.isContract == true)
            #expect(record?["status"]?.member?.isContract == true)
            #expect(record?["metrics"] == .dict([]))
        }
    }

    @Test("what Python can return and JSON cannot has an end and keeps its type")
    func strange() async throws {
        let source = connectorSource(
            """
            def get_logs(self, which): return STRANGE[which]()
            """,
            head: """
                import collections, dataclasses, enum
                class Plain(enum.Enum):
                    A = "a"
                class Text(str, enum.Enum):
                    A = "a"
                class Number(enum.IntEnum):
                    ONE = 1
                class Word(str): pass
                @dataclasses.dataclass
                class Row(collections.OrderedDict):
                    job_id: str = "j"
                    def __post_init__(self): self["job_id"] = self.job_id
                @dataclasses.dataclass
                class Rows(list):
                    pages: int = 1
                @dataclasses.dataclass
                class DictResult(JobResult, dict):
                    pass
                @dataclasses.dataclass
                class More(JobResult):
                    extra: int = 3
                @dataclasses.dataclass
                class Alike:
                    job_id: str = "j"
                class Hostile:
                    def __repr__(self): raise RuntimeError("no")
                def loop():
                    items = [1]; items.append(items); return items
                def deep():
                    items = []
                    for _ in range(10000): items = [items]
                    return items
                STRANGE = {"enum": lambda: Plain.A, "text": lambda: {Text.A: Text.A}, "number": lambda: Number.ONE, "row": Row, "rows": Rows,
                    "dict result": lambda: DictResult("j", JobStatus.FAILED), "word": lambda: Word("w"), "more": lambda: More("j", JobStatus.FAILED),
                    "alike": Alike, "hostile": Hostile, "loop": loop, "deep": deep, "big": lambda: 2 ** 100, "surrogate": lambda: "a\\ud800",
                    "huge": lambda: list(range(1000000)), "object": object, "class": lambda: JobResult, "set": lambda: {1}}
                """)
        try await withSession(source) { session async throws in
            func value(_ name: String) async throws -> Value? { try await session.outcome("get_logs", .string(name)).value }
            #expect(try await value("enum") == .member(.init(type: "Plain", name: "A", value: "a", isContract: false)))
            #expect(try await value("text") == .dict([.init("a", "a")]))
            #expect(try await value("number") == 1)
            #expect(try await value("row") == .dict([.init("job_id", "j")]))
            #expect(try await value("rows") == .list([]))
            let result = try await value("dict result")?.record
            #expect(result?.type == "DictResult" && result?.isContract == true)
            #expect(try await value("word") == "w")
            let more = try await value("more")?.record
            #expect(more?.type == "More" && more?.isContract == true && more?["extra"] == 3)
            #expect(try await value("alike") == .record(.init(type: "Alike", fields: [.init("job_id", "j")], isContract: false)))
            #expect(try await value("hostile") == .other(type: "acme.Hostile", repr: "<repr raised RuntimeError>"))
            #expect(try await value("loop") == .list([1, .other(type: "list", repr: "<contains itself>")]))
            #expect(try await value("deep")?.items?.count == 1)
            #expect(try await value("big") == .other(type: "int", repr: "1267650600228229401496703205376"))
            #expect(try await value("surrogate") == .other(type: "str", repr: "'a\\ud800'"))
            let count = try #require(try await value("huge")?.items?.count)
            #expect(count > 1000 && count < 1_000_000)
            #expect(try await value("object") == .other(type: "object", repr: "<object object>"))
            #expect(try await value("class")?.typeName == "type")
            #expect(try await value("set") == .other(type: "set", repr: "{1}"))
        }
    }
}
