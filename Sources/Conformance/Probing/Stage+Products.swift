import Recording

/// What a probe does about files, endpoints, dependencies and a long history.
extension Stage {
    var requirements: Requirements { oracle.requirements }

    /// Waits until `condition` holds of the names of the tenant's endpoints, which the platform makes and removes in its own time, and
    /// records them under `label`, also where it never did.
    @discardableResult
    func endpoints(
        _ label: String, patience: Duration = .seconds(3), until condition: @Sendable ([String]) -> Bool = { _ in true }
    ) async throws -> [String] {
        let until = ContinuousClock.now + patience
        var names = try await oracle.endpoints(of: tenant)
        while !condition(names), ContinuousClock.now < until {
            try await Task.sleep(for: .milliseconds(20))
            names = try await oracle.endpoints(of: tenant)
        }
        await recorder.add(label, .endpoints(names))
        return names
    }

    /// Records the paths of the tenant's files on the platform.
    @discardableResult
    func files(_ label: String) async throws -> [String] {
        let files = try await oracle.files(of: tenant)
        await recorder.add(label, .files(files))
        return files
    }

    /// Sends a POST to the URL, again for `patience` while it is not answered with 2xx: a model may need a moment. Only the last is recorded.
    /// - Parameter words: of which one has to be in the answer.
    func post(_ label: String, to url: String, patience: Duration = .zero, lookingFor words: [String] = []) async throws {
        let until = ContinuousClock.now + patience
        var answer = try await oracle.post(to: url, as: tenant)
        while !HTTPStatus.isSuccess(answer?.status), ContinuousClock.now < until {
            try await Task.sleep(for: .milliseconds(50))
            answer = try await oracle.post(to: url, as: tenant)
        }
        let holdsWord = words.isEmpty ? nil : answer.map { answer in words.contains { answer.body.contains($0) } }
        await recorder.add(label, .posted(url: url, status: answer?.status, holdsWord: holdsWord))
    }

    /// Fills the tenant's history with ended jobs that nothing ran for.
    func storeEndedJobs(_ count: Int) async throws {
        try await oracle.storeEndedJobs(count, of: tenant)
        await recorder.add("\(count) jobs stored", .harness("the platform's history has \(count) more jobs, all ended"))
    }

    /// The path that the look gave under that name.
    func path(_ name: String, in found: Value) throws -> String {
        guard let path = found[name]?.string else { throw HarnessFault("the look file_area gave no path for '\(name)'") }
        return path
    }
}

enum HTTPStatus {
    static func isSuccess(_ status: Int?) -> Bool { status.map { (200..<300).contains($0) } ?? false }
}
