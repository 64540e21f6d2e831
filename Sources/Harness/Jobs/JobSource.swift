import Foundation
import JobHistory
import NativeClient
import PlatformEngine
import PlatformServer
import Simulation

/// Where jobs are looked at: a live server, or the state folder of one that is not there.
///
/// Every answer is JSON as the API gives it, so that both look the same.
public enum JobSource: Sendable {
    case server(NativeClient)
    case folder(String, JobHistory)

    /// The server of `endpoint`, or that of the state folder, or the folder itself.
    /// - Throws: ``UsageError`` or `HistoryError` where there is neither.
    public static func open(state: String, endpoint: String?, token: String?) throws -> JobSource {
        if let endpoint {
            guard let token else { throw UsageError("--endpoint needs --token, or WINDTUNNEL_TOKEN in the environment") }
            return .server(try client(endpoint, token))
        }
        if let note = ServerNote(stateFolder: state), kill(note.pid, 0) == 0 { return .server(try client(note.endpoint, note.token)) }
        let path = try StoredHistory.path(state: state, otherwise: "name a state folder with --state, or a server with --endpoint")
        return .folder(state, try JobHistory.openReadOnly(path: path))
    }

    private static func client(_ endpoint: String, _ token: String) throws -> NativeClient {
        do { return try NativeClient(endpoint: endpoint, token: token) } catch { throw UsageError("\(error)") }
    }

    /// The newest jobs first. - Parameter limit: 1 or more.
    public func list(limit: Int, status: String?, name: String?) async throws -> [JobView] {
        switch self {
        case .server(let client):
            var query = URLComponents()
            query.queryItems = [URLQueryItem(name: "limit", value: "\(limit)")]
            if let status { query.queryItems?.append(URLQueryItem(name: "status", value: status)) }
            if let name { query.queryItems?.append(URLQueryItem(name: "name", value: name)) }
            let body = try await answer(client, "GET", "/v1/jobs?" + (query.percentEncodedQuery ?? ""))
            struct Page: Decodable { var jobs: [JobView] }
            return try JSONDecoder().decode(Page.self, from: body).jobs
        case .folder(_, let history):
            let wanted = try HistoryExport.status(status)
            return try await history.jobs(tenant: PlatformEngine.Tenant.primary.name, status: wanted, name: name, before: nil, limit: limit)
                .map(JobView.init)
        }
    }

    public func job(_ id: String) async throws -> JobView {
        switch self {
        case .server(let client):
            return try JSONDecoder().decode(JobView.self, from: try await answer(client, "GET", "/v1/jobs/\(escaped(id))"))
        case .folder: return try JobView(try await record(id))
        }
    }

    /// What it wrote: `combined`, `stdout` or `stderr`.
    public func logs(_ id: String, stream: String) async throws -> Data {
        guard let stream = LogStream(rawValue: stream) else {
            throw UsageError("--stream is '\(stream)'; it is one of combined, stdout, stderr")
        }
        switch self {
        case .server(let client): return try await answer(client, "GET", "/v1/jobs/\(escaped(id))/logs?stream=\(stream.rawValue)")
        case .folder(let folder, _): return Data(StoredLogs.read(stream, of: try await record(id), stateFolder: folder).all())
        }
    }

    /// What it writes, handed on as it comes, until its end. Where no server runs, nothing comes any more.
    ///
    /// - Parameter take: what it throws ends it.
    public func follow(_ id: String, stream: String, _ take: @escaping @Sendable ([UInt8]) throws -> Void) async throws {
        guard case .server(let client) = self, LogStream(rawValue: stream) != nil else {
            return try take(Array(try await logs(id, stream: stream)))
        }
        let response: Response
        do {
            response = try await client.stream("/v1/jobs/\(escaped(id))/logs?follow=true&stream=\(stream)", onPart: take)
        } catch NativeClientError.answerCutOff {
            throw UsageError("the connection to the server was lost before the log of \(id) came to its end")
        } catch let error as NativeClientError {
            throw UsageError("\(error)")
        }
        try refuse(response)
    }

    /// Whether the cancellation did anything.
    public func cancel(_ id: String) async throws -> Bool {
        guard case .server(let client) = self else {
            throw UsageError("no server runs on that state folder; start one with 'windtunnel serve --state DIR', which takes its jobs over")
        }
        struct Answer: Decodable { var cancelled: Bool }
        return try JSONDecoder().decode(Answer.self, from: try await answer(client, "POST", "/v1/jobs/\(escaped(id))/cancel")).cancelled
    }

    private func record(_ id: String) async throws -> JobRecord {
        guard case .folder(let folder, let history) = self, let record = try await history.job(id: id) else {
            throw UsageError("there is no job '\(id)'; 'windtunnel jobs list' shows those that are")
        }
        _ = folder
        return record
    }

    private func escaped(_ id: String) -> String { id.addingPercentEncoding(withAllowedCharacters: Self.plain) ?? id }

    /// What an id of the platform consists of stays as it is, also where an error names the request.
    private static let plain = CharacterSet.alphanumerics.union(["-", "_"])

    private func answer(_ client: NativeClient, _ method: String, _ path: String) async throws -> Data {
        let response: Response
        do { response = try await client.request(method, path) } catch { throw UsageError("\(error)") }
        try refuse(response)
        return Data(response.body)
    }

    /// Throws for an answer that is an error.
    private func refuse(_ response: Response) throws {
        guard response.status >= 300 else { return }
        struct Refusal: Decodable {
            struct Detail: Decodable { var message: String }
            var error: Detail
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
        throw UsageError(refusal?.error.message ?? "the server answered with status \(response.status)")
    }
}
