import Conformance
import Foundation
import Yams

/// `windtunnel.yaml`: the options of `check` under their own names, and what the connector's author declares.
public struct ProjectFile: Sendable, Equatable {
    public static let name = "windtunnel.yaml"

    public var connector: String?
    public var python: String?
    public var credentials: [CredentialTemplate.Entry] = []
    public var only: [String]?
    public var skip: [String]?
    public var level: Contract.Level?
    public var strict: Bool?
    public var seed: UInt64?
    public var jobs: Int?
    public var timeout: Duration?
    /// Capabilities declared off, with the reason.
    public var off: [Capability: String] = [:]
    public var maxGPUs: Int?
    /// Clauses that the author leaves out, with the reason.
    public var optOuts: [String: String] = [:]

    public init() {}

    /// Reads the file in `folder`, nil where there is none.
    /// - Throws: ``UsageError`` naming the file, the line and what would be right.
    public static func read(in folder: String) throws -> ProjectFile? {
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UsageError("\(path) cannot be read as UTF-8 text")
        }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws -> ProjectFile {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw UsageError("\(path) is not YAML: \(String(describing: error).split(separator: "\n").joined(separator: " "))")
        }
        guard let root else { return ProjectFile() }
        return try ProjectFileReader(path: path).read(root)
    }
}
