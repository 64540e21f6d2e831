import Glibc

/// Runs `body` once on each of so many threads and waits for all of them.
/// - Parameter body: gets the number of its thread, from 0.
/// - Returns: what each made, in the order of the threads.
func onThreads<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws(BenchError) -> Value
) throws(BenchError) -> [Value] {
    var workers: [(thread: pthread_t, worker: Worker<Value>)] = []
    var failure: Int32 = 0
    for number in 0..<count where failure == 0 {
        let worker = Worker { () throws(BenchError) in try body(number) }
        var thread = pthread_t()
        failure = pthread_create(&thread, nil, runWorker, Unmanaged.passRetained(worker).toOpaque())
        if failure == 0 {
            workers.append((thread, worker))
        } else {
            Unmanaged.passUnretained(worker).release()
        }
    }
    for (thread, _) in workers { pthread_join(thread, nil) }
    guard failure == 0 else { throw .system("start a thread", failure) }
    var values: [Value] = []
    for (_, worker) in workers { values.append(try worker.outcome.get()) }
    return values
}

/// How many of `total` the thread of that number takes, so that all is taken and no two differ by more than one.
func share(of total: Int, thread: Int, threads: Int) -> Int { total / threads + (thread < total % threads ? 1 : 0) }

private class AnyWorker {
    func run() {}
}

/// Its outcome is written by its thread and read after the join.
private final class Worker<Value>: AnyWorker {
    private let body: () throws(BenchError) -> Value
    private(set) var outcome: Result<Value, BenchError> = .failure(.notMeasured("a thread did not run"))

    init(_ body: @escaping () throws(BenchError) -> Value) { self.body = body }

    override func run() {
        do throws(BenchError) { outcome = .success(try body()) } catch { outcome = .failure(error) }
    }
}

private func runWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<AnyWorker>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
