import Glibc
import Synchronization

/// A thread that never ends, for processes that must die with this one.
final class SpawnThread: Sendable {
    static let shared = SpawnThread()

    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let added = Semaphore()

    private init() {
        startThread { [self] in serve() }
    }

    /// Runs `body` on the thread and waits for it: as long as one spawn takes.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws(SpawnError) -> Value) throws(SpawnError) -> Value {
        let answer = Answer<Value>()
        waiting.withLock { work in
            work.append {
                do throws(SpawnError) { answer.give(.success(try body())) } catch { answer.give(.failure(error)) }
            }
        }
        added.signal()
        return try answer.wait().get()
    }

    private func serve() {
        while true {
            added.wait()
            let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            next?()
        }
    }

    private final class Answer<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, SpawnError>>(.failure(SpawnError(step: .clone, path: "", errno: ECANCELED)))
        private let given = Semaphore()

        func give(_ value: Result<Value, SpawnError>) {
            result.withLock { $0 = value }
            given.signal()
        }

        func wait() -> Result<Value, SpawnError> {
            given.wait()
            return result.withLock { $0 }
        }
    }
}

/// A counting semaphore of the system. The pointer is fixed for life, and the system makes its use from many threads safe.
private final class Semaphore: @unchecked Sendable {
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(raw, 0, 0) }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    func signal() { sem_post(raw) }

    func wait() { while sem_wait(raw) != 0 {} }
}

/// Starts a detached thread, for work that blocks and so has no place on a shared pool.
/// - Returns: whether the system had a thread to give.
@discardableResult
public func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    guard failure == 0 else {
        box.release()
        return false
    }
    pthread_detach(thread)
    return true
}

private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
