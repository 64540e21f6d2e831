import Conformance
import Foundation
import Harness
import TestedProgram

/// Where things are for these tests.
enum Place {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let connectors = root + "/fixtures/connectors"
}

/// One platform that all checks of this process share; it goes when the process ends, and its node soon after.
enum SharedPlatform {
    private static let starting = Task { try await CheckPlatform.start(executable: TestedProgram.path) }

    static func get() async throws -> CheckPlatform { try await starting.value }
}

/// How many checks run at once: as many as keep two cores busy, so that no probe waits for a processor for long.
actor CheckSlots {
    static let shared = CheckSlots()
    private var free = 3
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Runs a check of a fixture on the shared platform. Each has a seed of its own, so that no nonce occurs twice on it.
func check(_ connector: String, only: [String]? = nil, _ change: (inout CheckOptions) -> Void = { _ in }) async throws -> CheckRecord {
    var options = CheckOptions(connector: connector, workingFolder: Place.connectors)
    options.only = only
    options.seed = UInt64.random(in: 1...UInt64.max)
    change(&options)
    await CheckSlots.shared.take()
    defer { Task { await CheckSlots.shared.give() } }
    return try await Check.run(options, on: try await SharedPlatform.get(), namespace: "\(UUID().uuidString)/")
}
