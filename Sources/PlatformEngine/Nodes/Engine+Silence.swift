import JobExecution

// A node that does not answer must not keep its jobs for ever.
extension Engine {
    /// Asks the node again and again whether it is there. One that has not answered for `nodeSilenceSeconds` is killed, and its loss then
    /// takes the usual course.
    func watch(_ position: Int, _ client: NodeClient) {
        let seconds = nodeSilenceSeconds / Double(Self.looksOfSilence)
        let watch = Task { [weak self] in
            // The wall's seconds whatever the platform's clock is: a process does not live in simulated time.
            while (try? await Task.sleep(for: .seconds(seconds))) != nil {
                guard await self?.look(position, client) == true else { return }
            }
        }
        nodes[position].silence = NodeSilence(watch: watch)
    }

    /// - Returns: whether to look again.
    private func look(_ position: Int, _ client: NodeClient) -> Bool {
        let node = nodes[position]
        guard node.lane.client === client, !isClosed else { return false }
        // It was told to stand still.
        guard node.condition != .paused else {
            node.silence.looks = 0
            return true
        }
        guard node.silence.isAsked else {
            ask(position, client)
            return true
        }
        node.silence.looks += 1
        if node.silence.looks >= Self.looksOfSilence { client.kill() }
        return true
    }

    private func ask(_ position: Int, _ client: NodeClient) {
        nodes[position].silence.isAsked = true
        nodes[position].silence.looks = 0
        Task { [weak self] in
            guard (try? await client.report()) != nil else { return }
            await self?.hasAnswered(position, client)
        }
    }

    private func hasAnswered(_ position: Int, _ client: NodeClient) {
        guard nodes[position].lane.client === client else { return }
        nodes[position].silence.isAsked = false
    }

    /// So often it is looked at a node within the time after which it counts as hung.
    private static var looksOfSilence: Int { 6 }
}
