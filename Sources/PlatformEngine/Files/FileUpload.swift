import Foundation
import ProcessSpawn
import Synchronization

/// A file on its way in. It is a draft of another name until `finish`; without that it leaves nothing.
public final class FileUpload: Sendable {
    private let path: FilePath
    private let folder: ConfinedFolder
    private let draft: String
    private let descriptor: Descriptor
    private let isDurable: Bool
    private let writing: FileStore.Writing
    private let placing: PlacingLock
    private let state = Mutex((sizeBytes: Int64(0), isPlaced: false))

    init(
        path: FilePath, folder: ConfinedFolder, draft: String, descriptor: Descriptor, isDurable: Bool,
        writing: @escaping FileStore.Writing, placing: PlacingLock
    ) {
        self.path = path
        self.folder = folder
        self.draft = draft
        self.descriptor = descriptor
        self.isDurable = isDurable
        self.writing = writing
        self.placing = placing
    }

    deinit { if !state.withLock({ $0.isPlaced }) { unlink(draft) } }

    /// Appends.
    ///
    /// - Throws: `tooLarge` beyond `FileStore.fileBytesMax`; `unavailable` when the disk is full.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(PlatformError) {
        let size = state.withLock { state in
            state.sizeBytes += Int64(bytes.count)
            return state.sizeBytes
        }
        guard size <= FileStore.fileBytesMax else { throw .fileTooLarge }
        let failure = writing(descriptor.number, bytes)
        guard failure == 0 else { throw PlatformError(ConfinedFolder.Obstacle.system(errno: failure), path) }
    }

    /// Puts the file in its place.
    ///
    /// - Returns: its size, and whether there was none of its path before.
    /// - Throws: as `FileStore.upload`; the old file is there then, where there was one.
    public func finish() async throws(PlatformError) -> (sizeBytes: Int64, isNew: Bool) {
        if isDurable, case let failure = await synchronize(), failure != 0 {
            throw PlatformError(ConfinedFolder.Obstacle.system(errno: failure), path)
        }
        let isNew = try placing.run { () throws(PlatformError) in
            do throws(ConfinedFolder.Obstacle) { return try folder.place(draft, as: path) } catch { throw PlatformError(error, path) }
        }
        return state.withLock { state in
            state.isPlaced = true
            return (state.sizeBytes, isNew)
        }
    }

    /// Waits for the disk, which may take long, and so on a thread of its own.
    private func synchronize() async -> Int32 {
        await withCheckedContinuation { continuation in
            let body: @Sendable () -> Void = { [descriptor] in
                continuation.resume(returning: fdatasync(descriptor.number) == 0 ? 0 : errno)
            }
            if !startThread(body) { body() }
        }
    }

    static let append: FileStore.Writing = { descriptor, bytes in
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return errno }
            done += count
        }
        return 0
    }
}

/// One at a time.
final class PlacingLock: Sendable {
    private let lock = Mutex<Void>(())

    func run<Value: Sendable>(_ body: () throws(PlatformError) -> Value) throws(PlatformError) -> Value {
        let result: Result<Value, PlatformError> = lock.withLock { _ in
            do throws(PlatformError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

extension PlatformError {
    public static let fileTooLarge = PlatformError(
        .tooLarge, "the file is larger than \(FileStore.fileBytesMax) bytes, the most that one may have")
}
