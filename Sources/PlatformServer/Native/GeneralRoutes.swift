/// Whether it serves, and to whom.
extension NativeAPI {
    var generalRoutes: [Route] { [Route.healthz, whoami] }

    private var whoami: Route {
        Route(
            operation: "whoami", method: .get, path: "/v1/whoami", summary: "The token's user",
            success: .json(.ok, schema: "User")
        ) { call in
            .object { json in json.field("user", call.tenant.name) }
        }
    }
}

extension Route {
    /// 200 when it serves; both listeners have it, and it needs no token.
    static let healthz = Route(
        operation: "healthz", method: .get, path: "/healthz", summary: "200 when it serves", needsToken: false,
        success: .json(.ok, schema: "Health")
    ) { _ in
        .object { json in json.field("status", "ok") }
    }
}
