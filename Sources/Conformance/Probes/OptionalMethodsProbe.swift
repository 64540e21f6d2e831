import Recording

/// Calls each optional method once, with names that nothing has, and looks whether the platform was asked.
enum OptionalMethodsProbe: Probe {
    static let name = "optional-methods"
    static let methods: [Method] = [.deployModel, .deleteEndpoint, .uploadFile, .downloadFile, .getResourceUsage]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        try await stage.inspect()
        try await stage.requests("requests before")
        for method in methods {
            try await stage.perform(PlannedCall(method.rawValue, method, arguments(method, stage), mustReturn: false))
            try await stage.requests("requests after \(method.rawValue)")
        }
    }

    /// Below `/dev/null` nothing exists and nothing can be made, so that no call leaves anything behind on this side.
    private static func arguments(_ method: Method, _ stage: Stage) -> [Call.Argument] {
        let nowhere = Value.string("/dev/null/windtunnel-missing.bin")
        let unknown = Value.string(stage.nonce("unknown"))
        return switch method {
        case .deployModel: [Call.Argument("model_path", nowhere), Call.Argument("endpoint_name", unknown)]
        case .deleteEndpoint: [Call.Argument("endpoint_name", unknown)]
        case .uploadFile: [Call.Argument("local_path", nowhere), Call.Argument("remote_path", unknown)]
        case .downloadFile: [Call.Argument("remote_path", unknown), Call.Argument("local_path", nowhere)]
        default: []
        }
    }
}
