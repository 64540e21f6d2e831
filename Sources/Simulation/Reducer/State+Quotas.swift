extension State {
    mutating func quotaSet(_ tenant: String, _ quota: Quota?) -> Step {
        var books = tenants[tenant] ?? TenantBooks()
        guard books.quota != quota else { return .ignored }
        books.quota = quota
        // No entry and an empty one would be two values of one and the same.
        tenants[tenant] = books == TenantBooks() ? nil : books
        return Step()
    }

    /// Why this submission is refused before it becomes a job; nil when it is not.
    func refusal(of submission: Submission, by tenant: String) -> Step? {
        if let misfit = settings.capacity.misfit(of: submission.resources) { return .refused("invalid", misfit) }
        if let reason = quota(of: tenant).refusal(tenants[tenant] ?? TenantBooks()) {
            return .refused("quota_exceeded", reason)
        }
        return nil
    }
}
