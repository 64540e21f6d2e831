import Foundation
import NIOCore
import PlatformEngine

/// `server.json` in the state folder (0600): where the server that runs there listens, and its tokens.
public struct ServerNote: Sendable, Codable, Equatable {
    public var endpoint: String
    public var token: String
    public var adminEndpoint: String
    public var adminToken: String
    public var pid: Int32

    enum CodingKeys: String, CodingKey {
        case endpoint, token, pid
        case adminEndpoint = "admin_endpoint"
        case adminToken = "admin_token"
    }

    /// Reads the note of a state folder; nil when there is none, or it cannot be understood.
    public init?(stateFolder: String) {
        guard let data = FileManager.default.contents(atPath: Self.path(stateFolder)),
            let note = try? JSONDecoder().decode(ServerNote.self, from: data)
        else { return nil }
        self = note
    }

    init(endpoint: String, token: Token, adminEndpoint: String, adminToken: Token) {
        self.endpoint = endpoint
        self.token = token.text
        self.adminEndpoint = adminEndpoint
        self.adminToken = adminToken.text
        pid = getpid()
    }

    public static func path(_ stateFolder: String) -> String { stateFolder + "/server.json" }

    /// Puts it there by rename, never readable for others, over a stale one.
    func write(stateFolder: String) throws(ServerError) {
        var json = JSONWriter()
        json.object { json in
            json.field("endpoint", endpoint)
            json.field("token", token)
            json.field("admin_endpoint", adminEndpoint)
            json.field("admin_token", adminToken)
            json.field("pid", pid)
        }
        try PrivateFile.write(Array(json.buffer.readableBytesView) + [UInt8(ascii: "\n")], to: Self.path(stateFolder))
    }

    static func remove(stateFolder: String) { unlink(path(stateFolder)) }
}
