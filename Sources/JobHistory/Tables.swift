/// Where jobs and tenants stand: as they are now, or as they were where the log begins.
///
/// Both have the same columns, so that a migration changes both and one reader reads both.
enum Tables {
    case current
    /// What the log's events go on from, once its older ones were pruned: the jobs that had not ended, and every tenant.
    case base

    var jobs: String {
        switch self {
        case .current: "jobs"
        case .base: "base_jobs"
        }
    }

    var tenants: String {
        switch self {
        case .current: "tenants"
        case .base: "base_tenants"
        }
    }
}
