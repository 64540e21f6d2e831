import PlatformEngine
import Simulation

/// Who may use the platform, and how much of it.
extension AdminAPI {
    var tenantRoutes: [Route] { [tenants, putTenant] }

    private static let bodyLimitBytes = 64 * 1024

    private var tenants: Route {
        Route(
            operation: "adminTenants", method: .get, path: "/admin/tenants",
            summary: "Who has a token, jobs or a quota, with what was used; never a token", success: .json(.ok, schema: "Tenants")
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let tenants = engine.knownTenants
            return .object { json in
                json.key("tenants")
                json.array { json in
                    for tenant in tenants { json.object { json in json.tenantFields(tenant, engine) } }
                }
            }
        }
    }

    private var putTenant: Route {
        Route(
            operation: "putTenant", method: .put, path: "/admin/tenants/{name}",
            summary: "Make a tenant with a token of its own, or change its quota; a quota left out gives it that of everybody",
            requestSchema: "TenantChange", success: .json(.ok, schema: "Tenant"), errors: [.invalid, .tooLarge, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let name = call.parameter("name")
            guard StoredTenants.isName(name), !name.hasSuffix(".new") else {
                throw PlatformError.invalid(
                    "name: must have 1 to \(StoredTenants.nameLimitCharacters) letters, digits, \"-\", \"_\" or \".\", "
                        + "begin with a letter or digit, and not end in \".new\"")
            }
            let reader = try ObjectReader(try await call.json(limit: Self.bodyLimitBytes), known: ["quota"])
            let quota = try reader.value("quota").map { value throws(PlatformError) in try QuotaReader.read(value) }
            let tenant = Tenant(name: name)
            if engine.tenants.token(of: tenant) == nil {
                do throws(ServerError) {
                    engine.tenants.set(try StoredTenants(stateFolder: engine.stateFolder).make(name), of: tenant)
                } catch {
                    throw PlatformError(.unavailable, error.description)
                }
            }
            try await engine.setQuota(quota, of: tenant)
            return .object { json in
                json.tenantFields(tenant, engine)
                json.field("token", engine.tenants.token(of: tenant)?.text)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func tenantFields(_ tenant: Tenant, _ engine: Engine) {
        let usage = engine.usage(tenant: tenant)
        field("name", tenant.name)
        key("quota")
        quota(engine.quota(of: tenant))
        key("used")
        object { json in
            json.field("running_jobs", usage.pending + usage.running)
            json.field("cpu_seconds", usage.account.cpuSeconds)
            json.field("cost", usage.account.cost)
        }
    }
}
