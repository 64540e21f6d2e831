import JobHistory
import Simulation

// How an event becomes true: reduced at once, stored by the writer thread, and only then answered and acted on.
extension Engine {
    /// Feeds a client's event, and returns the core's answer after the commit.
    func ask(_ body: Event.Body) async throws(PlatformError) -> Answer? {
        let result: Result<Answer?, PlatformError> = await withCheckedContinuation { client in
            guard !isClosed else {
                client.resume(returning: .failure(PlatformError(.unavailable, "the platform has stopped")))
                return
            }
            reduce(Event(at: clock.now(), body), client: client)
            // A client is a good reason to try a disk that was full.
            isHeldBack = false
            send()
        }
        return try result.get()
    }

    /// Feeds an event of the platform's own.
    func note(_ body: Event.Body) {
        guard !isClosed else { return }
        reduce(Event(at: clock.now(), body), client: nil)
        if !isHeldBack { send() }
    }

    private func reduce(_ event: Event, client: Client?) {
        let step = state.reduce(event)
        guard step.isRecorded else {
            if let client { answerUnrecorded(client, step.answer) }
            return
        }
        lastTicket += 1
        pending.append(Pending(ticket: lastTicket, event: event, step: step, after: state, client: client))
    }

    /// An answer that stands on an event which is not stored yet waits for it.
    private func answerUnrecorded(_ client: Client, _ answer: Answer?) {
        if pending.isEmpty {
            client.resume(returning: .success(answer))
        } else {
            pending[pending.count - 1].followers.append((client, answer))
        }
    }

    private func send() {
        for index in pending.indices where !pending[index].isSent {
            pending[index].isSent = true
            writer.enqueue(StoredStep(pending[index].event, pending[index].step), ticket: pending[index].ticket)
        }
    }

    /// Takes the writer's word for what became of a commit.
    func take(_ outcome: CommitWriter.Outcome) {
        switch outcome {
        case .committed(let ticket):
            committed(upTo: ticket)

        case .failed(let error):
            rollBack(because: error)
        }
    }

    // MARK: after a commit

    private func committed(upTo ticket: Int64) {
        let count = pending.firstIndex { $0.ticket > ticket } ?? pending.count
        let stored = pending.prefix(count)
        guard let last = stored.last else { return }
        pending.removeFirst(count)
        backoffSeconds = Self.backoffSecondsMin
        storedState = last.after
        tellRecovery(at: ticket)

        // 1. Everyone may see it, before anyone is told.
        board.show(storedState, changed: stored.flatMap(\.step.changed))
        appliedTicket = ticket
        for entry in stored { watchers.note(entry.event, entry.step.changed, entry.after) }

        // 2. Clients are answered.
        for entry in stored {
            entry.client?.resume(returning: .success(entry.step.answer))
            for follower in entry.followers { follower.client.resume(returning: .success(follower.answer)) }
        }
        resumeCaughtUp()

        // 3. What follows is done.
        for entry in stored { carryOut(entry.step, after: entry.event) }
        moveLanes()
    }

    /// Returns once everything that is stored now can be seen on the board: whoever read the history must not be
    /// contradicted by a later look at the board.
    func catchUp() async {
        let target = writer.storedTicket
        guard appliedTicket < target, !isClosed else { return }
        await withCheckedContinuation { catchingUp.append((target, $0)) }
    }

    private func resumeCaughtUp() {
        guard !catchingUp.isEmpty else { return }
        let ready = catchingUp.filter { $0.ticket <= appliedTicket }
        catchingUp.removeAll { $0.ticket <= appliedTicket }
        for waiter in ready { waiter.continuation.resume() }
    }

    // MARK: after a commit that failed

    /// Goes back to the stored state. Clients are refused; the platform's own events did happen, and are tried again.
    private func rollBack(because error: HistoryError) {
        // The first of a row of failures, before any client hears of it.
        if unwrittenTicket == nil { tellStorageNotice(.cannotBeWritten(error)) }
        let undone = pending
        pending = []
        state = storedState
        for entry in undone {
            let refusal = PlatformError(error)
            entry.client?.resume(returning: .failure(refusal))
            for follower in entry.followers { follower.client.resume(returning: .failure(refusal)) }
        }
        for entry in undone where entry.client == nil { reduce(entry.event, client: nil) }
        writer.resume()
        isHeldBack = true
        unwrittenTicket = lastTicket
        retryLater()
    }

    /// Not before everything is stored that was tried again.
    private func tellRecovery(at ticket: Int64) {
        guard let unwritten = unwrittenTicket, ticket >= unwritten else { return }
        unwrittenTicket = nil
        tellStorageNotice(.canBeWrittenAgain)
    }

    private func retryLater() {
        retry?.cancel()
        let seconds = backoffSeconds
        backoffSeconds = min(backoffSeconds * 2, Self.backoffSecondsMax)
        retry = Task {
            // The wall's seconds whatever the platform's clock is: a disk does not live in simulated time.
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            sendHeldBack()
        }
    }

    private func sendHeldBack() {
        isHeldBack = false
        send()
    }

    static var backoffSecondsMin: Double { 0.1 }
    static var backoffSecondsMax: Double { 5 }
}
