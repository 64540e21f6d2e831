import Dispatch
import Foundation
import ProcessSpawn
import Synchronization

/// What came of a request to a guest.
enum Reply<Result: Sendable>: Sendable {
    case result(Result)
    /// The guest refused on purpose: kind and one line.
    case refused(kind: String, message: String)
    /// The guest itself failed.
    case failed(String)
    case timedOut
    /// The connection ended.
    case closed
}

/// One connection to a guest: JSON-RPC 2.0, one message a line, answers in the order of the requests.
///
/// A thread of its own reads and decodes and a queue of its own writes, so that no thread of the shared pool ever waits.
final class GuestChannel: Sendable {
    private static let messageBytesMax = 512 << 20

    private let descriptor: Int32
    private let writer = DispatchQueue(label: "windtunnel.guest.write")
    private let state = Mutex(State())

    private struct State {
        var nextID = 1
        var waiting: [Waiting] = []
        var isClosed = false
    }

    private struct Waiting {
        var id: Int
        /// Nil when the connection has ended.
        var deliver: @Sendable (Data?) -> Void
    }

    /// Takes over the descriptor.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        if !startThread({ [self] in read() }) { close() }
    }

    deinit { Glibc.close(descriptor) }

    /// Ends the connection; every request under way is answered with `closed`.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Sends a request that is not answered.
    func notify<Parameters: Encodable & Sendable>(_ method: String, _ parameters: Parameters) {
        write(Request(id: nil, method: method, params: parameters))
    }

    func request<Parameters: Encodable & Sendable, Result: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, answering: Result.Type = Result.self, within patience: Duration
    ) async -> Reply<Result> {
        await withCheckedContinuation { continuation in
            let once = Once(continuation)
            let timer = Timer(after: patience) { once.resume(.timedOut) }
            let id = state.withLock { state -> Int? in
                guard !state.isClosed else { return nil }
                defer { state.nextID += 1 }
                state.waiting.append(
                    Waiting(id: state.nextID) { line in
                        timer.cancel()
                        once.resume(line.map { Self.reply($0) } ?? .closed)
                    })
                // Queued under the lock: answers come in the order in which requests are written.
                write(Request(id: state.nextID, method: method, params: parameters))
                return state.nextID
            }
            if id == nil {
                timer.cancel()
                once.resume(.closed)
            }
        }
    }

    private static func reply<Result: Decodable & Sendable>(_ line: Data) -> Reply<Result> {
        do {
            let answer = try JSONDecoder().decode(Response<Result>.self, from: line)
            if let result = answer.result { return .result(result) }
            guard let error = answer.error else { return .failed("an answer with neither result nor error") }
            if let kind = error.data?.kind { return .refused(kind: kind, message: error.message) }
            return .failed(error.data?.traceback ?? error.message)
        } catch {
            return .failed("an answer that cannot be read: \(error)")
        }
    }

    // Writing

    private func write<Parameters: Encodable & Sendable>(_ request: Request<Parameters>) {
        writer.async { [self] in
            do {
                var line = try JSONEncoder().encode(request)
                line.append(UInt8(ascii: "\n"))
                try send(line)
            } catch {
                close()
            }
        }
    }

    private func send(_ data: Data) throws(ConnectorHostError) {
        let bytes = [UInt8](data)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map {
                    Glibc.send(descriptor, $0 + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                } ?? -1
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ConnectorHostError(.sessionEnded, "the connection to the guest ended") }
            sent += count
        }
    }

    // Reading

    private func read() {
        var line = Data()
        let capacity = 1 << 18
        let chunk = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = Glibc.read(descriptor, chunk, capacity)
            if count < 0, errno == EINTR { continue }
            guard count > 0, line.count < Self.messageBytesMax else { break }
            // Only what is new can hold the end of the line.
            var from = 0
            while let end = memchr(chunk + from, Int32(UInt8(ascii: "\n")), count - from) {
                let length = UnsafeRawPointer(end) - UnsafeRawPointer(chunk + from)
                line.append((chunk + from).assumingMemoryBound(to: UInt8.self), count: length)
                deliver(line)
                line = Data()
                from += length + 1
            }
            line.append((chunk + from).assumingMemoryBound(to: UInt8.self), count: count - from)
        }
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiting in left { waiting.deliver(nil) }
    }

    private func deliver(_ line: Data) {
        let first = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        first?.deliver(line)
    }
}

private struct Request<Parameters: Encodable & Sendable>: Encodable, Sendable {
    var jsonrpc = "2.0"
    var id: Int?
    var method: String
    var params: Parameters
}

private struct Response<Result: Decodable>: Decodable {
    var result: Result?
    var error: Failure?

    struct Failure: Decodable {
        var message: String
        var data: Details?
    }

    struct Details: Decodable {
        var kind: String?
        var traceback: String?
    }
}

/// A continuation that the first of several rivals resumes.
private final class Once<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value, Never>?>

    init(_ continuation: CheckedContinuation<Value, Never>) { self.continuation = Mutex(continuation) }

    func resume(_ value: Value) {
        let first = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        first?.resume(returning: value)
    }
}
