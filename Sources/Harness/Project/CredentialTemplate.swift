import Conformance
import Recording

/// The credentials that the connector is given, with the places that the platform fills in: `{endpoint}` `{token}` `{host}` `{port}`.
public struct CredentialTemplate: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        /// Whether its value is a secret of the user's own: a literal under a name that ends as `password` or `api_key` does.
        /// `token_type` names no secret.
        var isSecret: Bool {
            let name = key.lowercased()
            return !value.contains("{")
                && ["key", "token", "secret", "password", "credential", "credentials"].contains { name.hasSuffix($0) }
        }
    }

    public var entries: [Entry]

    private static let places = ["endpoint", "token", "host", "port"]

    /// What the native platform's connectors read.
    public static let native = CredentialTemplate(entries: [
        Entry(key: "api_key", value: "{token}"), Entry(key: "endpoint", value: "{endpoint}"),
    ])

    public init(entries: [Entry]) { self.entries = entries }

    /// The template with these entries on top: a key given again replaces the value.
    public func with(_ more: [Entry]) -> CredentialTemplate {
        var result = self
        for entry in more {
            if let index = result.entries.firstIndex(where: { $0.key == entry.key }) {
                result.entries[index] = entry
            } else {
                result.entries.append(entry)
            }
        }
        return result
    }

    /// - Throws: ``UsageError`` where the text is not KEY=VALUE.
    public static func parse(_ text: String) throws -> Entry {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw UsageError("--credential '\(text)' is not KEY=VALUE, such as api_key={token}")
        }
        let entry = Entry(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        for place in entry.value.matches(of: /\{(\w+)\}/) where !places.contains(String(place.1)) {
            let known = places.map { "{\($0)}" }.joined(separator: " ")
            throw UsageError("--credential \(entry.key): {\(place.1)} is not filled in; what is: \(known)")
        }
        return entry
    }

    /// The user's own secrets among the values, as far as they are long enough not to stand in a text by chance.
    var secrets: [String] { entries.filter { $0.isSecret && $0.value.count >= 4 }.map(\.value) }

    /// The dict for a platform at `endpoint`, with this token.
    func filled(endpoint: String, token: String) -> Value {
        let authority = endpoint.split(separator: "/").last.map(String.init) ?? endpoint
        let parts = authority.split(separator: ":").map(String.init)
        return .dict(
            entries.map { entry in
                let text = entry.value.replacing("{endpoint}", with: endpoint).replacing("{token}", with: token)
                    .replacing("{host}", with: parts.first ?? "").replacing("{port}", with: parts.count > 1 ? parts[1] : "")
                return Value.Pair(.string(entry.key), .string(text))
            })
    }
}
