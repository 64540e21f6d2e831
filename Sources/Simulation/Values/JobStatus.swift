/// Where a job stands. A platform always knows: there is no "unknown" here.
///
/// Legal changes: pending → running, pending → failed, pending → cancelled,
/// running → succeeded, running → failed, running → cancelled; also pending → succeeded, when word of a short job's
/// start was lost and its end is the first that is heard. Nothing leaves a terminal status.
public enum JobStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case pending, running, succeeded, failed, cancelled

    public var isTerminal: Bool {
        switch self {
        case .pending, .running: false
        case .succeeded, .failed, .cancelled: true
        }
    }
}
