import Dispatch
import Synchronization

/// Calls something once, after a while, unless it is cancelled first. Holds no thread.
final class Timer: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(after delay: Duration, _ body: @escaping @Sendable () -> Void) {
        self.body = Mutex(body)
        let (seconds, attoseconds) = delay.components
        let nanoseconds = min(Double(seconds) * 1e9 + Double(attoseconds) / 1e9, 1e17)
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(max(0, nanoseconds)))) { [self] in take()?() }
    }

    func cancel() { _ = take() }

    private func take() -> (@Sendable () -> Void)? {
        body.withLock { body in
            defer { body = nil }
            return body
        }
    }
}
