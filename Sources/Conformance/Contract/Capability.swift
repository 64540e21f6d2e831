/// What a connector may declare off, with a reason. Left out means on: it must hold.
public enum Capability: String, Sendable, Hashable, Codable, CaseIterable {
    case deployModel = "deploy_model"
    case deleteEndpoint = "delete_endpoint"
    case uploadFile = "upload_file"
    case downloadFile = "download_file"
    case resourceUsage = "get_resource_usage"
    case output
    case metrics
    case artifacts
    case duration
    case liveLogs = "live_logs"
    case dependencies
}
