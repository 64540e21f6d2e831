import Conformance
import Foundation
import Testing

/// Each mutant breaks one sentence of the contract and must be killed by that clause, for that reason.
@Suite struct KillMatrixTests {
    /// Those with a `neural` package of their own stand in a folder of their own.
    static let mutants: [String] = ["mutants", "mutants/own_neural"].flatMap { folder in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(Place.connectors)/\(folder)")) ?? []
        return names.filter { $0.hasSuffix(".py") }.sorted().map { "\(folder)/\($0)" }
    }

    @Test("there are mutants to kill") func thereAreMutants() { #expect(Self.mutants.count >= 61) }

    @Test("the clause kills its mutant with its breach code", arguments: mutants)
    func kills(_ file: String) async throws {
        let name = file.split(separator: "/").last?.dropLast(".py".count) ?? ""
        let words = name.split(separator: "-", maxSplits: 2).map(String.init)
        let id = "\(words[0])-\(words[1])"
        let report = try await check("\(file):Mutant", only: [id]).report()
        let clause = try #require(report.clauses.first { $0.id == id })
        #expect(
            clause.breach == "\(id)/\(words[2])",
            "\(file): \(clause.verdict.rawValue), blocked by \(clause.blockedBy ?? "nothing"): \(clause.reason ?? "")")
        #expect(clause.verdict == (clause.level == .must ? .failed : clause.level == .should ? .warned : .noted))
        #expect(!clause.facts.isEmpty, "a breach shows what was seen")
    }
}
