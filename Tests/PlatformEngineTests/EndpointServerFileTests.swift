import Foundation
import Testing

@testable import PlatformEngine

@Suite struct EndpointServerFileTests {
    @Test("the generated file equals the endpoints' Python server (else run `make guest`)")
    func embedded() throws {
        // The sources lie beside the tests, also where the tests are reached by a link.
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let top = tests.deletingLastPathComponent().deletingLastPathComponent()
        let python = top.appendingPathComponent("Sources/PlatformEngine/Endpoints/Python/endpoint_server.py")
        #expect("\(EndpointServerFile.text)\n" == (try String(contentsOf: python, encoding: .utf8)))
    }
}
