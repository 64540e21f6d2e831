/// What must be closed where the program is interrupted: processes, temporary folders.
public actor Cleanup {
    public static let shared = Cleanup()

    private var steps: [(number: Int, step: @Sendable () async -> Void)] = []
    private var next = 0
    /// How many openings and closings are under way.
    private var busy = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Whether the program was interrupted: what is opened from now on is closed at once.
    public private(set) var isOver = false

    /// What `open` gave, and how its owner closes it.
    struct Opened<Value: Sendable>: Sendable {
        let value: Value
        fileprivate let number: Int
    }

    /// Opens something that must not be left behind, also where the interruption comes while it is being opened.
    /// - Throws: what `open` throws; `CancellationError` where the program was interrupted meanwhile.
    func open<Value: Sendable>(
        _ open: @Sendable () async throws -> Value, closing close: @escaping @Sendable (Value) async -> Void
    ) async throws -> Opened<Value> {
        busy += 1
        defer { finish() }
        let value = try await open()
        guard !isOver else {
            await close(value)
            throw CancellationError()
        }
        next += 1
        steps.append((next, { await close(value) }))
        return Opened(value: value, number: next)
    }

    /// Closes it, as its owner's last act.
    func close<Value>(_ opened: Opened<Value>) async {
        guard let index = steps.firstIndex(where: { $0.number == opened.number }) else { return }
        busy += 1
        defer { finish() }
        await steps.remove(at: index).step()
    }

    private func finish() {
        busy -= 1
        guard busy == 0 else { return }
        for waiter in waiting { waiter.resume() }
        waiting = []
    }

    /// Closes everything, last opened first, and what is just being opened; and waits for what its owner is closing.
    public func run() async {
        isOver = true
        repeat {
            while let (_, step) = steps.popLast() { await step() }
            if busy > 0 { await withCheckedContinuation { waiting.append($0) } }
        } while !steps.isEmpty
    }
}
