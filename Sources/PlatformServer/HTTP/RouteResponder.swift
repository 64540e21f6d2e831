import Hummingbird
import Logging
import PlatformEngine
import Simulation

/// Answers the requests of one listener: finds the route, knows the caller, turns errors into answers, keeps the record.
struct RouteResponder: HTTPResponder {
    typealias Context = PlatformContext

    let table: RouteTable
    let engine: Engine
    /// Who a bearer token belongs to; nil when it is nobody's.
    let identify: @Sendable (Substring) -> Tenant?
    /// Whether what comes in belongs into the record of requests.
    let isRecorded: Bool
    let logger: Logger
    let inFlight = InFlight()

    init(
        _ routes: [Route], engine: Engine, isRecorded: Bool, logger: Logger,
        identify: @escaping @Sendable (Substring) -> Tenant?
    ) {
        table = RouteTable(routes)
        self.engine = engine
        self.isRecorded = isRecorded
        self.logger = logger
        self.identify = identify
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        guard !inFlight.isDraining else {
            return Answer.error(PlatformError(.unavailable, "the platform is stopping")).response()
        }
        let begin = ContinuousClock.now
        let path = request.uri.path
        let match = table.match(request.method, path: path)
        let tenant = bearer(request).flatMap { identify($0) }
        let answer = await answer(request, context, match, tenant)
        if isRecorded { record(request, match, tenant, answer, since: begin) }
        return answer.response(isHead: request.method == .head)
    }

    /// The most bytes of a request's body that its route takes; none where there is no route.
    func bodyLimitBytes(of request: HTTPRequest) -> Int64 {
        let path = (request.path ?? "").prefix { $0 != "?" }
        guard case .route(let route, _) = table.match(request.method, path: String(path)) else { return 0 }
        return route.bodyLimitBytes
    }

    private func answer(_ request: Request, _ context: Context, _ match: RouteTable.Match, _ tenant: Tenant?) async -> Answer {
        do {
            switch match {
            case .route(let route, let parameters):
                guard let caller = tenant ?? (route.needsToken ? nil : .primary) else { throw unauthenticated(request) }
                return try await route.handle(Call(request: request, context: context, tenant: caller, parameters: parameters))

            case .otherMethods(let methods):
                var answer = Answer.error(
                    PlatformError(
                        .methodNotAllowed,
                        "\(request.method.rawValue) is not allowed on \(request.uri.path); it takes \(listed(methods))"))
                answer.headers[.allow] = methods.joined(separator: ", ")
                return answer

            case .none:
                throw PlatformError(.notFound, "there is no route \(request.method.rawValue) \(request.uri.path.prefix(200))")
            }
        } catch let error as PlatformError {
            return .error(error)
        } catch {
            logger.error("a request failed", metadata: ["error": "\(error)"])
            return .error(PlatformError(.internal, "the request failed inside the platform"))
        }
    }

    private func bearer(_ request: Request) -> Substring? {
        guard let header = request.headers[.authorization] else { return nil }
        if header.hasPrefix("Bearer ") { return header.dropFirst(7).drop { $0 == " " } }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1]
    }

    private func unauthenticated(_ request: Request) -> PlatformError {
        request.headers[.authorization] == nil
            ? PlatformError(.unauthenticated, "this route needs a token: send \"Authorization: Bearer TOKEN\"")
            : PlatformError(.unauthenticated, "the token is not known here")
    }

    private func record(
        _ request: Request, _ match: RouteTable.Match, _ tenant: Tenant?, _ answer: Answer, since begin: ContinuousClock.Instant
    ) {
        let duration = ContinuousClock.now - begin
        var operation: String?
        if case .route(let route, _) = match { operation = route.operation }
        engine.requests.add(
            RequestRecord(
                at: engine.now(), tenant: tenant?.name, operation: operation, method: request.method.rawValue,
                path: recorded(request.uri.string), status: answer.status.code,
                durationSeconds: Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18, rows: answer.rows))
    }

    private func recorded(_ path: String) -> String {
        path.utf8.count <= Self.recordedPathCharacters ? path : String(path.prefix(Self.recordedPathCharacters))
    }

    private static let recordedPathCharacters = 1024
}
