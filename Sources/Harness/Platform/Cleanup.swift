/// What must be closed where the program is interrupted: processes, temporary folders.
public actor Cleanup {
    public static let shared = Cleanup()

    private var steps: [(number: Int, step: @Sendable () async -> Void)] = []
    private var next = 0

    /// - Returns: a number for ``forget(_:)``, once the owner closes it by itself.
    func add(_ step: @escaping @Sendable () async -> Void) -> Int {
        next += 1
        steps.append((next, step))
        return next
    }

    func forget(_ number: Int) { steps.removeAll { $0.number == number } }

    /// Closes everything, last opened first.
    public func run() async {
        while let (_, step) = steps.popLast() { await step() }
    }
}
