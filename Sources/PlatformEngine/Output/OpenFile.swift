import Foundation

/// A file that is open for reading, for as long as someone holds this.
final class OpenFile: Sendable {
    let descriptor: Int32

    /// Nil when it is not there, not a regular file, or not readable.
    convenience init?(_ path: String) {
        self.init(adopting: open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW))
    }

    /// Takes over a descriptor, and closes it when it is no regular file.
    init?(adopting descriptor: Int32) {
        self.descriptor = descriptor
        guard descriptor >= 0 else { return nil }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var size: Int64 {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? Int64(information.st_size) : 0
    }

    /// Up to `count` bytes; fewer at the end of the file.
    func read(from offset: Int64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}
