import Foundation
import Simulation

/// The endpoints of all tenants, in a file that is replaced as a whole.
struct EndpointTable: Sendable {
    /// What outlives the platform.
    struct Row: Sendable, Codable, Hashable {
        var tenant: String
        var name: String
        var modelPath: String
        var resources: Resources
        var createdAt: Timestamp
        var port: Int
        /// The name of its own folder, beside the table.
        var folder: String

        var key: EndpointKey { EndpointKey(tenant: tenant, name: name) }

        enum CodingKeys: String, CodingKey {
            case tenant, name, resources, port, folder
            case modelPath = "model_path"
            case createdAt = "created_at_microseconds"
        }
    }

    static let fileName = "table.json"

    let path: String

    /// No rows where there is no file.
    ///
    /// - Throws: `stateFolder` when it cannot be read, since it would be lost with the next change.
    func read() throws(EngineError) -> [Row] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try JSONDecoder().decode([Row].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .stateFolder(path: path, detail: "it is no table of endpoints; mend it, or remove it to start without endpoints")
        }
    }

    /// Replaces the file: whoever reads it, also after a crash, finds the old rows or the new ones.
    ///
    /// - Throws: `unavailable`.
    func write(_ rows: [Row]) throws(PlatformError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(rows.sorted { $0.key < $1.key }).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PlatformError(.unavailable, "the table of endpoints cannot be written; is the disk full?")
        }
    }
}

/// A name belongs to one tenant.
struct EndpointKey: Hashable, Comparable {
    var tenant: String
    var name: String

    static func < (left: EndpointKey, right: EndpointKey) -> Bool { (left.tenant, left.name) < (right.tenant, right.name) }
}
