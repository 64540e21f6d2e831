import Recording

/// Authenticates with right credentials, and on instances of their own with each kind of bad ones.
enum CredentialsProbe: Probe {
    static let name = "credentials"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        try await stage.attribute("authenticated", "authenticated")
        for bad in BadCredentials.distinct(from: stage.tenant) { try await refuse(bad, stage) }
        try await stage.attribute("repr", "repr()")
        try await stage.look("credentials afterwards", "credentials_unchanged", Value.Field("instance", "main"))
        try await stage.guestState("state at the end")
    }

    private static func refuse(_ bad: BadCredentials, _ stage: Stage) async throws {
        let made = try await stage.construct(
            "construct \(bad.name)", as: bad.name, credentials: bad.credentials, mustReturn: false)
        guard made.raised == nil else { return }
        try await stage.call("authenticate \(bad.name)", .authenticate, on: bad.name, mustReturn: false)
        try await stage.attribute("authenticated \(bad.name)", "authenticated", of: bad.name)
        try await stage.attribute("repr \(bad.name)", "repr()", of: bad.name)
    }
}
