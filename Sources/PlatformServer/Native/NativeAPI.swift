import PlatformEngine

/// The native API's routes, family by family.
struct NativeAPI: Sendable {
    let engine: Engine

    var routes: [Route] { generalRoutes + submissionRoutes + jobRoutes + jobOutputRoutes + fileRoutes + endpointRoutes + usageRoutes }
}
