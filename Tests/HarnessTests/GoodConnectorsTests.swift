import Conformance
import Foundation
import Harness
import Reporting
import Testing

@Suite struct GoodConnectorsTests {
    static let good = [
        "good/native.py:GoodConnector", "good/session.py:SessionConnector", "good/minimal.py:Connector",
        "good/own_neural/own_neural.py:OwnNeuralConnector", "good/wrapped.py:WrappedConnector", "good/prelude.py:PreludeConnector",
        "good/cautious.py:CautiousConnector",
    ]

    @Test("a good connector has nothing failed, warned, blocked or errored", arguments: good)
    func conformant(_ connector: String) async throws {
        let report = try await check(connector).report()
        let bad = report.clauses.filter { [.failed, .warned, .errored].contains($0.verdict) || $0.because == .blocked }
        #expect(bad.isEmpty, "\(bad.map { "\($0.id) \($0.verdict.rawValue): \($0.reason ?? "")" })")
        #expect(report.verdict == .conformant)
        #expect(report.exitCode == 0)
        for clause in report.clauses where clause.verdict == .passed {
            #expect(clause.witness?.isEmpty == false, "\(clause.id) passed without a witness")
        }
    }

    @Test("what is declared off is not applicable, and nothing fails for it")
    func declaredOff() async throws {
        let capabilities: [Capability] = [
            .metrics, .artifacts, .dependencies, .uploadFile, .downloadFile, .deployModel, .deleteEndpoint, .resourceUsage,
        ]
        let ids = ["SUB-07", "RES-09", "DEP-02", "DEP-03", "DEP-04", "FIL-01", "FIL-02", "FIL-03", "USE-01"]
        let declared = try await check("good/declared.py:DeclaredConnector", only: ids) { options in
            options.off = Dictionary(uniqueKeysWithValues: capabilities.map { ($0, "the platform has none") })
        }.report()
        for id in ids { #expect(declared.clauses.first { $0.id == id }?.verdict == .notApplicable, "\(id)") }

        let undeclared = try await check("good/declared.py:DeclaredConnector", only: ids).report()
        let breaches = ["SUB-07/missing", "RES-09/metrics-missing", "DEP-02/raised", "FIL-01/raised", "USE-01/raised"]
        #expect(undeclared.clauses.compactMap(\.breach) == breaches)
    }

    @Test("every clause of the contract is in the report, in its order")
    func nothingLeftOut() async throws {
        let report = try await check(Self.good[0]).report()
        #expect(report.clauses.map(\.id) == Contract.rows.map(\.id))
    }

    @Test("a connector whose methods do nothing passes no MUST of behaviour")
    func empty() async throws {
        let report = try await check("empty.py:EmptyConnector").report()
        #expect(report.verdict == .notConformant)
        let passed = report.clauses.filter { $0.verdict == .passed && $0.level == .must }
        #expect(passed.isEmpty, "\(passed.map(\.id))")
    }

    @Test("a saved recording that is judged again gives the same report", arguments: [good[0], "mutants/STA-04-called-succeeded.py:Mutant"])
    func judgedAgain(_ connector: String) async throws {
        let record = try await check(connector)
        let file = NSTemporaryDirectory() + "recording-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try RecordingFile.write(record, to: file)
        let again = try RecordingFile.read(file).report()
        #expect(again == record.report())
        #expect(JSONReport.encode(again) == JSONReport.encode(record.report()))
    }

    @Test("no secret is in a recording, and nothing of where the platform listens")
    func noSecrets() async throws {
        let text = String(decoding: try JSONEncoder().encode(try await check("mutants/AUTH-06-in-error.py:Mutant")), as: UTF8.self)
        #expect(text.contains("\u{AB}secret\u{BB}"))
        #expect(text.firstMatch(of: /wt_[0-9a-f]{48}/) == nil)
        #expect(text.firstMatch(of: /127\.0\.0\.1:[0-9]+/) == nil)
    }
}
