import Foundation
import Testing

@testable import ConnectorHost

@Suite struct GuestFilesTests {
    @Test("the generated file equals the guest's Python files (else run `make guest`)")
    func embedded() throws {
        // The sources lie beside the tests, also where the tests are reached by a link.
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let guest = tests.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/ConnectorHost/Guest")
        let names = try #require(FileManager.default.enumerator(atPath: guest.path)).compactMap { $0 as? String }
        let python = names.filter { $0.hasSuffix(".py") && $0 != "embed.py" && !$0.contains("__pycache__") }.sorted()
        #expect(GuestFiles.all.map { "\($0.path)" } == python)
        for file in GuestFiles.all {
            let text = try String(contentsOf: guest.appendingPathComponent("\(file.path)"), encoding: .utf8)
            #expect("\(file.text)\n" == text, "\(file.path)")
        }
    }
}
