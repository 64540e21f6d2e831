import Synchronization

/// Counts what is being answered on a port, from a request's head to the last byte of its answer, so that a stop can wait for it.
final class InFlight: Sendable {
    private struct State {
        var count = 0
        var isDraining = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Whether what comes in is refused.
    var isDraining: Bool { state.withLock { $0.isDraining } }

    func enter() { state.withLock { $0.count += 1 } }

    func leave(_ count: Int = 1) {
        let waiting = state.withLock { state in
            state.count -= count
            return state.count == 0 ? Self.take(&state) : []
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once nothing is being answered, or `giveUp` is called.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isDraining = true
                if state.count > 0 { state.waiting.append(continuation) }
                return state.count == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Ends the wait for what is still being answered.
    func giveUp() {
        for continuation in state.withLock({ Self.take(&$0) }) { continuation.resume() }
    }

    private static func take(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.waiting = [] }
        return state.waiting
    }
}
