import Foundation
import Synchronization

/// A file that appears under its name when it is whole, and not at all when it does not become so.
///
/// What is there and is no file, such as a pipe, is written as it is.
public final class AtomicFile: Sendable {
    private let path: String
    private let written: String
    private let option: String
    /// -1 once it is closed.
    private let descriptor: Mutex<Int32>

    /// Opens one, lets `fill` write it, and gives it its name; leaves nothing of it where that fails or is interrupted.
    ///
    /// - Throws: ``UsageError`` naming the option and what is wrong with the place, and what `fill` throws.
    public static func with<Answer>(
        _ path: String, option: String, _ fill: (AtomicFile) async throws -> Answer
    ) async throws -> Answer {
        let opened = try await Cleanup.shared.open({ try AtomicFile(path, option: option) }, closing: { $0.discard() })
        do {
            let answer = try await fill(opened.value)
            try opened.value.finish()
            await Cleanup.shared.close(opened)
            return answer
        } catch {
            await Cleanup.shared.close(opened)
            throw error
        }
    }

    private init(_ path: String, option: String) throws {
        try FileOutput.check(path, option: option)
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var status = stat()
        let isSpecial = stat(resolved, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let written = isSpecial ? resolved : "\(resolved).\(getpid()).partial"
        let flags = O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_TRUNC)
        let descriptor = open(written, flags, 0o666)
        guard descriptor >= 0 else { throw Self.failure(option, path) }
        self.path = resolved
        self.written = written
        self.option = option
        self.descriptor = Mutex(descriptor)
    }

    public func write(_ bytes: [UInt8]) throws {
        try descriptor.withLock { descriptor in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR && errno != EAGAIN {
                    throw Self.failure(option, path)
                }
            }
        }
    }

    private func finish() throws {
        try descriptor.withLock { descriptor in
            let closed = close(descriptor)
            descriptor = -1
            guard closed == 0, written == path || rename(written, path) == 0 else {
                defer { removePartial() }
                throw Self.failure(option, path)
            }
        }
    }

    /// Leaves nothing of it. After `finish` it does nothing.
    private func discard() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            close(descriptor)
            descriptor = -1
            removePartial()
        }
    }

    private func removePartial() {
        if written != path { unlink(written) }
    }

    private static func failure(_ option: String, _ path: String) -> UsageError {
        UsageError("\(option) \(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
