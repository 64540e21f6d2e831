import Glibc

/// One connection to a server on loopback, for one thread; kept alive as far as the server does. As much HTTP/1.1 as the loads need: requests made beforehand, and answers
/// with a `Content-Length`. It costs a send, a receive and a short scan for each request, so that the server is what is measured.
final class Connection {
    private let port: UInt16
    /// -1 once the server has closed it.
    private var socket: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private var held = 0

    init(port: UInt16) throws(BenchError) {
        self.port = port
        socket = try Self.open(port)
    }

    private static func open(_ port: UInt16) throws(BenchError) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw .system("open a socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard failed == 0 else { throw .system("connect to 127.0.0.1:\(port)") }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    deinit {
        if socket >= 0 { close(socket) }
        buffer.deallocate()
    }

    /// Sends a request and waits for its answer.
    /// - Parameters:
    ///   - request: as `request(_:_:_:body:)` makes it.
    ///   - body: gets the status and the bytes of the body, which are valid only until it returns.
    func exchange<Value>(
        _ request: [UInt8], _ body: (_ status: Int, _ bytes: UnsafeRawBufferPointer) throws(BenchError) -> Value
    ) throws(BenchError) -> Value {
        if socket < 0 { socket = try Self.open(port) }
        try send(request)
        held = 0
        var head = 0
        repeat {
            try receive()
            head = endOfHead()
        } while head == 0
        let length = try contentLength(head)
        guard head + length <= buffer.count else { throw .notMeasured("an answer of \(length) bytes is more than the loads expect") }
        while held < head + length { try receive() }
        // A server that keeps nothing alive, as some peers of ours, is called anew for each request.
        if buffer[7] == UInt8(ascii: "0") || find("Connection: close", in: received).map({ $0 < head }) ?? false {
            close(socket)
            socket = -1
        }
        return try body(status(), UnsafeRawBufferPointer(rebasing: buffer[head..<(head + length)]))
    }

    private func send(_ request: [UInt8]) throws(BenchError) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { Glibc.send(socket, $0.baseAddress.map { $0 + sent }, $0.count - sent, 0) }
            if count > 0 { sent += count } else if errno != EINTR { throw .system("send a request") }
        }
    }

    private func receive() throws(BenchError) {
        let count = recv(socket, buffer.baseAddress.map { $0 + held }, buffer.count - held, 0)
        if count == 0 { throw .notMeasured("the server closed the connection, or its answer is too long") }
        if count > 0 { held += count } else if errno != EINTR { throw .system("receive an answer") }
    }

    /// Where the body begins; 0 while the head is not complete.
    private func endOfHead() -> Int { find("\r\n\r\n", in: received).map { $0 + 4 } ?? 0 }

    private func contentLength(_ head: Int) throws(BenchError) -> Int {
        let names: [StaticString] = ["Content-Length:", "content-length:"]
        for name in names {
            if let start = find(name, in: received), start < head { return number(from: start + name.utf8CodeUnitCount, to: head) }
        }
        throw .notMeasured("an answer has no Content-Length")
    }

    /// The digits after `HTTP/1.1 `.
    private func status() -> Int { number(from: 9, to: 12) }

    private func number(from start: Int, to end: Int) -> Int {
        var value = 0
        var index = start
        while index < end, buffer[index] == UInt8(ascii: " ") { index += 1 }
        while index < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(buffer[index]), value < 1_000_000_000 {
            value = value * 10 + Int(buffer[index] - UInt8(ascii: "0"))
            index += 1
        }
        return value
    }

    private var received: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<held]) }
}

/// The bytes of a request, made once and sent often.
func request(_ method: String, _ path: String, _ server: Server, header: String? = nil, body: String? = nil) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
    text += header.map { "\($0)\r\n" } ?? "Authorization: Bearer \(server.token)\r\n"
    if let body {
        if !(header ?? "").contains("Content-Type:") { text += "Content-Type: application/json\r\n" }
        text += "Content-Length: \(body.utf8.count)\r\n"
    }
    return Array("\(text)\r\n\(body ?? "")".utf8)
}
