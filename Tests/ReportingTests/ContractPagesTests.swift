import Foundation
import Reporting
import Testing

@testable import Conformance

@Suite("The pages of the contract")
struct ContractPagesTests {
    @Test("the list names every clause, and says which are not judged yet")
    func list() {
        let lines = ContractPages.list(style: Style()).split(separator: "\n").map(String.init)
        #expect(Contract.rows.allSatisfy { row in lines.contains { $0.hasPrefix("  \(row.id) ") } })
        #expect(lines.contains("  SUB-01   MUST             returns a non-empty str"))
        #expect(lines.contains { $0.hasPrefix("  RSL-01   SHOULD  not yet  up to two") })
    }

    @Test("a page has all its parts, with the breach codes and the clauses that it builds on")
    func page() throws {
        let row = try #require(Contract.row("SUB-01"))
        let clause = try #require(Contract.clause("SUB-01"))
        let text = ContractPages.page(row, style: Style())
        #expect(text.hasPrefix("SUB-01  MUST  submission\nreturns a non-empty str\n\nBasis: the guide says it. Needs: nothing.\n"))
        for heading in ["What it requires", "Why", "What a breach looks like", "How to mend it", "An example that fails", "One that passes"] {
            #expect(text.contains("\n\(heading)\n  "))
        }
        #expect(text.contains("SUB-01/returned-none"))
        for line in clause.page.failing.split(separator: "\n") + clause.page.passing.split(separator: "\n") {
            #expect(text.contains("\n  \(line)\n"))
        }
        #expect(clause.buildsOn.isEmpty || text.contains("It builds on \(clause.buildsOn.joined(separator: ", "))."))
    }

    @Test("a row that is not built says so")
    func unbuilt() throws {
        let row = try #require(Contract.row("COST-02"))
        #expect(ContractPages.page(row, style: Style()).hasSuffix("It is not judged yet: in every report it stands as not_testable, not_built.\n"))
    }

    @Test("as JSON: the list has every row, a page has null for what is not there")
    func json() throws {
        let list = try #require(try object(ContractPages.listJSON())["clauses"] as? [[String: Any]])
        #expect(list.compactMap { $0["id"] as? String } == Contract.rows.map(\.id))
        let built = try object(ContractPages.pageJSON(try #require(Contract.row("SUB-01"))))
        #expect(built["judged"] as? Bool == true)
        #expect((built["breaches"] as? [String])?.contains("SUB-01/returned-none") == true)
        let unbuilt = try object(ContractPages.pageJSON(try #require(Contract.row("COST-02"))))
        #expect(unbuilt["judged"] as? Bool == false && unbuilt["requires"] is NSNull)
        #expect(Set(built.keys) == Set(unbuilt.keys))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
