import Recording

/// Eight threads submit through one instance at the same moment.
enum ParallelSubmitsProbe: Probe {
    static let name = "parallel-submits"
    static let count = 8

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let outcomes = try await stage.parallel(
            (1...count).map { number in
                let program = Program.printing(stage.nonce("job \(number)"))
                return PlannedCall(
                    "submit \(number)", .submitJob, [Call.Argument("code", .string(program.code))], mustReturn: false)
            })
        let ids = outcomes.compactMap { $0.value?.string }.filter { !$0.isEmpty }
        guard ids.count == count else { throw ProbeStop("not every parallel submission gave an id") }
        let reached = try await stage.reaches("the last job ended", .ended, index: count - 1, patience: .seconds(10))
        guard reached else { throw ProbeStop("the platform has not \(count) jobs") }
        try await stage.waitForAll("jobs ended", for: .ended, count: count)
        for (number, id) in zip(1..., ids) { try await stage.settle("status of job \(number)", id, mustReturn: false) }
    }
}
