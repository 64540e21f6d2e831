/// The contract's methods, by their Python names.
public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    case construct = "__init__"
    case authenticate
    case submitJob = "submit_job"
    case getJobStatus = "get_job_status"
    case getJobResult = "get_job_result"
    case cancelJob = "cancel_job"
    case listJobs = "list_jobs"
    case getLogs = "get_logs"
    case deployModel = "deploy_model"
    case deleteEndpoint = "delete_endpoint"
    case uploadFile = "upload_file"
    case downloadFile = "download_file"
    case getResourceUsage = "get_resource_usage"

    /// The clause that says what the method returns at all: a call of it that stalls, or that raises where it must return, breaks this one.
    public var firstClause: String {
        switch self {
        case .construct, .authenticate: "AUTH-01"
        case .submitJob: "SUB-01"
        case .getJobStatus: "STA-01"
        case .getJobResult: "RES-01"
        case .cancelJob: "CAN-01"
        case .listJobs: "LST-01"
        case .getLogs: "LOG-01"
        case .deployModel: "DEP-02"
        case .deleteEndpoint: "DEP-03"
        case .uploadFile, .downloadFile: "FIL-01"
        case .getResourceUsage: "USE-01"
        }
    }
}
