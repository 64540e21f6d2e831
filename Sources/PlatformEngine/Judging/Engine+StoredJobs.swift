import Simulation

// A long history for a judge, without the work of one.
extension Engine {
    /// How many jobs are on their way at once: enough for each commit to take many, few enough that holds stay cheap to look through.
    private static var storedAtOnce: Int { 64 }

    /// Puts cancelled jobs into the tenant's history that no process ran for. All are stored when this returns.
    ///
    /// Each is held at `pending` and cancelled there. Holds of the same tenant that are armed already would be taken by them.
    /// - Returns: the jobs' ids.
    /// - Throws: `unavailable` when one could not be stored.
    public func storeEndedJobs(_ count: Int, tenant: Tenant) async throws(PlatformError) -> [String] {
        let results = await withTaskGroup(of: Result<String, PlatformError>.self) { group in
            var results: [Result<String, PlatformError>] = []
            for number in 1...max(1, count) {
                if number > Self.storedAtOnce, let result = await group.next() { results.append(result) }
                group.addTask { await self.storeEndedJob(number, tenant) }
            }
            for await result in group { results.append(result) }
            return results
        }
        var ids: [String] = []
        for result in results { ids.append(try result.get()) }
        return ids
    }

    private func storeEndedJob(_ number: Int, _ tenant: Tenant) async -> Result<String, PlatformError> {
        do {
            _ = try await arm(.pending, tenant: tenant)
            let job = try await submit(Submission(code: "", name: "stored-\(number)"), tenant: tenant)
            _ = try await cancel(job.id, tenant: tenant)
            return .success(job.id)
        } catch {
            return .failure(error)
        }
    }
}
