import Recording

/// The credentials that a connector has to refuse, each with the name of the instance that gets them.
struct BadCredentials: Sendable {
    /// Name of the instance, and part of the labels.
    let name: String
    /// For sentences: `invalid credentials`.
    let phrase: String
    let credentials: Stage.Credentials

    static let invalid = BadCredentials(name: "invalid", phrase: "invalid credentials", credentials: .invalid)
    static let empty = BadCredentials(name: "empty", phrase: "empty credentials", credentials: .empty)
    static let none = BadCredentials(name: "none", phrase: "no credentials", credentials: .none)

    static let all = [invalid, empty, none]

    /// Those that differ from the tenant's right ones: nothing can be spoiled where no credential is filled from the token.
    static func distinct(from tenant: Tenant) -> [BadCredentials] {
        all.filter { bad in
            switch bad.name {
            case invalid.name: tenant.invalidCredentials != tenant.validCredentials
            default: tenant.validCredentials != .dict([]) && tenant.validCredentials != .none
            }
        }
    }
}
