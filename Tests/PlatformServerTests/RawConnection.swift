import Foundation

/// A bare connection, for what no well-behaved client sends.
final class RawConnection: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Sends so many bytes, and reads nothing meanwhile. - Returns: how many the system took before the connection broke.
    func sendZeros(_ count: Int) async -> Int {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                let block = [UInt8](repeating: 0, count: 65_536)
                var (sent, last) = (0, 1)
                while sent < count, last > 0 {
                    last = Foundation.send(descriptor, block, min(block.count, count - sent), Int32(MSG_NOSIGNAL))
                    sent += max(0, last)
                }
                continuation.resume(returning: sent)
            }
        }
    }

    /// Asks for JSON, and gives the whole answer; "" where the connection is closed.
    func ask(_ line: String, _ token: String) async -> String {
        send("\(line) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n")
        return await receive(until: "}")
    }

    /// How many bytes come until the server closes the connection.
    func countToEnd() async -> Int {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                var (total, last) = (0, 1)
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while last > 0 {
                    last = recv(descriptor, &buffer, buffer.count, 0)
                    total += max(0, last)
                }
                continuation.resume(returning: total)
            }
        }
    }

    /// What comes until it ends with `end`, or the server closes the connection.
    func receive(until end: String? = nil) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    // A head is read to its end and no further, where a long body follows.
                    let count = recv(descriptor, &buffer, end == "\r\n\r\n" ? 1 : buffer.count, 0)
                    guard count > 0 else { break }
                    bytes += buffer[..<count]
                    if let end, bytes.suffix(end.utf8.count).elementsEqual(end.utf8) { break }
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
