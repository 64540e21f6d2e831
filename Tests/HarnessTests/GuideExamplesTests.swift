import Conformance
import Foundation
import Testing

/// The guide's own examples, in this project's words: each has an exact list of what it fails.
@Suite struct GuideExamplesTests {
    struct Expected: Decodable {
        var failed: [String]
        var warned: [String]
    }

    static let expected: [String: Expected] = {
        let data = FileManager.default.contents(atPath: Place.connectors + "/guide/expected.json") ?? Data()
        return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
    }()

    @Test("a guide's example fails exactly what it lacks", arguments: ["basic.py:BasicConnector", "simple.py:SimpleConnector", "deployment.py:DeploymentConnector"])
    func fails(_ connector: String) async throws {
        let expected = try #require(Self.expected[connector])
        let report = try await check("guide/\(connector)").report()
        #expect(report.clauses.filter { $0.verdict == .failed }.compactMap(\.breach) == expected.failed)
        #expect(report.clauses.filter { $0.verdict == .warned }.compactMap(\.breach) == expected.warned)
        #expect(report.clauses.filter { $0.verdict == .errored }.map(\.id) == [])
    }
}
