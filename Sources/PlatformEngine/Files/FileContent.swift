import Foundation

/// A file to be read, from the moment it was opened: what replaces or removes it later does not change what comes.
public struct FileContent: Sendable {
    public let sizeBytes: Int64
    /// Another file, or another state of it, has another tag.
    public let tag: String
    private let file: OpenFile

    init(_ file: OpenFile) {
        self.file = file
        var information = stat()
        fstat(file.descriptor, &information)
        sizeBytes = Int64(information.st_size)
        let time = Int64(information.st_mtim.tv_sec) * 1_000_000_000 + Int64(information.st_mtim.tv_nsec)
        tag = [Int64(information.st_ino), time, sizeBytes].map { String($0, radix: 16) }.joined(separator: "-")
    }

    public var all: FileParts { bytes(in: 0..<sizeBytes) }

    /// - Parameter range: within the file.
    public func bytes(in range: Range<Int64>) -> FileParts {
        FileParts([.init(file: file, offset: range.lowerBound, length: range.upperBound - range.lowerBound)])
    }
}
