import Foundation
import Testing

@testable import Harness

@Suite struct DemoFilesTests {
    @Test("the demo's connectors in the binary equal the fixtures")
    func equal() throws {
        for (file, path) in [("native.py", "good/native.py"), ("broken.py", "mutants/STA-04-called-succeeded.py")] {
            let embedded = try #require(DemoFiles.all.first { $0.file == file })
            #expect(embedded.text == (try String(contentsOfFile: "\(Place.connectors)/\(path)", encoding: .utf8)), "run 'make guest'")
        }
    }
}
