import Simulation

extension Engine {
    /// Stops the platform: running jobs end as failed (`platform_stopped`), those that wait stay pending for the next
    /// start, the node ends, everything is stored. A second call does nothing.
    ///
    /// - Throws: `unavailable` when that could not be stored; the node is gone all the same, and the next start finds
    ///   what became of its jobs.
    public func stop() async throws(PlatformError) {
        guard !isStopping, !isClosed else { return }
        isStopping = true
        var failure: PlatformError?
        do {
            _ = try await ask(.platformStopping)
        } catch {
            failure = error
        }
        // The core has asked every job to end; the node sees to it that they do.
        async let endpointsEnded: Void = endpoints.stop(graceSeconds: state.settings.cancelGraceSeconds)
        await stopNodes()
        await endpointsEnded
        if failure == nil { failure = await settle() }
        close()
        await writing?.value
        if let failure { throw failure }
    }

    /// Lets go of everything as a crash would: the node and its jobs run on, for the next start to adopt.
    public func abandon() async {
        for node in nodes { node.lane.client?.disconnect() }
        close()
        // The system kills them with a process that crashes.
        await endpoints.stop(graceSeconds: 0)
    }

    /// Waits until the core's last events are stored.
    private func settle() async -> PlatformError? {
        guard !pending.isEmpty else { return nil }
        isHeldBack = false
        do {
            // An event that changes nothing is answered behind everything that is pending.
            _ = try await ask(.platformStopping)
            return nil
        } catch {
            return error
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        dependencies.stop()
        retry?.cancel()
        for node in nodes {
            node.events?.cancel()
            node.silence.watch?.cancel()
            node.lane.client = nil
        }
        for timer in timers.values { timer.cancel() }
        timers = [:]
        watchers.forgetAll()
        for entry in pending {
            let refusal = PlatformError(.unavailable, "the platform has stopped")
            entry.client?.resume(returning: .failure(refusal))
            for follower in entry.followers { follower.client.resume(returning: .failure(refusal)) }
        }
        pending = []
        for waiter in catchingUp { waiter.continuation.resume() }
        catchingUp = []
        writer.close()
        lock.release()
    }
}
