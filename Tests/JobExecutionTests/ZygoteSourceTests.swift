import Foundation
import Testing

@testable import JobExecution

@Suite struct ZygoteSourceTests {
    @Test("the generated file equals zygote.py (else run `make guest`)")
    func embedded() throws {
        // The sources lie beside the tests, also where the tests are reached by a link.
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let warm = tests.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/JobExecution/Warm")
        #expect("\(ZygoteSource.text)\n" == (try String(contentsOf: warm.appendingPathComponent("zygote.py"), encoding: .utf8)))
    }
}
