import Recording

/// A call that is under way while the probe goes on.
public struct PendingCall: Sendable {
    let planned: PlannedCall
    private let task: Task<Reply, Never>
    private let box: Box

    init(planned: PlannedCall, _ work: @escaping @Sendable () async -> Reply) {
        self.planned = planned
        let box = Box()
        self.box = box
        task = Task {
            let reply = await work()
            await box.settle()
            return reply
        }
    }

    var isSettled: Bool { get async { await box.settled } }

    func reply() async -> Reply { await task.value }

    /// Waits until it has returned, at most for `patience`. True when it has.
    @discardableResult
    func settled(patience: Duration) async -> Bool {
        let task = task
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.box.wait() }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
        _ = task
        return await box.settled
    }

    private actor Box {
        var settled = false
        private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        private var next = 0

        func settle() {
            settled = true
            for waiter in waiters.values { waiter.resume() }
            waiters = [:]
        }

        /// Ends when the call has returned or the waiting task is cancelled.
        func wait() async {
            let number = next
            next += 1
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if settled || Task.isCancelled { continuation.resume() } else { waiters[number] = continuation }
                }
            } onCancel: {
                Task { await self.forget(number) }
            }
        }

        private func forget(_ number: Int) { waiters.removeValue(forKey: number)?.resume() }
    }
}
