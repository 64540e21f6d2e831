import Foundation
import Testing

@Suite("The catalogue of instance types travels in the program")
struct CatalogueTests {
    @Test("the table in the program is the data file, line by line, and every line is read")
    func equal() throws {
        let data = try SourceTree.read("Sources/PlatformEngine/Billing/instances.csv").split(separator: "\n")
        let swift = try SourceTree.read("Sources/PlatformEngine/Billing/InstanceTable.swift")
        let literal = swift.components(separatedBy: "\"\"\"")
        try #require(literal.count == 3)
        let lines = literal[1].split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        #expect(lines == data, "run 'make guest'")
        for line in data { #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == 9, "\(line)") }
    }
}
