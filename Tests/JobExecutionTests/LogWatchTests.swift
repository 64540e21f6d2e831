import Foundation
import Testing

@testable import JobExecution

@Suite("The watch over a job's output")
struct LogWatchTests {
    private let root = NSTemporaryDirectory() + "watch-\(UUID().uuidString)"

    @Test("it marks where one stream grew after the other, at whole lines, and nothing else")
    func order() throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let watch = try #require(LogWatch(folder: folder, job: "job", limit: nil))
        let marks = { LogOrder.read(folder.logOrder(ofJob: "job")).map { [$0.output, $0.errors] } }
        try append("o1\n", to: folder.standardOutput(ofJob: "job"))
        watch.look()
        try append("o2\npart", to: folder.standardOutput(ofJob: "job"))
        watch.look()
        #expect(marks() == [])
        try append("e1\n", to: folder.standardError(ofJob: "job"))
        watch.look()
        #expect(marks() == [[6, 0]])
        try append("e2\n", to: folder.standardError(ofJob: "job"))
        watch.look()
        #expect(marks() == [[6, 0]])
        try append("ial\n", to: folder.standardOutput(ofJob: "job"))
        watch.look()
        #expect(marks() == [[6, 0], [6, 6]])
    }

    @Test("what was cut off is not seen again")
    func cut() throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let watch = try #require(LogWatch(folder: folder, job: "job", limit: 10))
        let output = folder.standardOutput(ofJob: "job")
        for _ in 1...3 {
            try append(String(repeating: "x", count: 100), to: output)
            watch.look()
            let kept = try Data(contentsOf: URL(fileURLWithPath: output))
            #expect(kept.count == 11)
        }
        try append("e1\n", to: folder.standardError(ofJob: "job"))
        watch.look()
        #expect(LogOrder.read(folder.logOrder(ofJob: "job")) == [LogOrder.Mark(output: 11, errors: 0)])
        #expect(LogLimit.read(folder.logLimit(ofJob: "job")) == 10)
    }

    @Test("of a stream that is longer than what is kept, and not cut yet, only what is kept counts for a bound of the disk")
    func disk() throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let watch = try #require(LogWatch(folder: folder, job: "job", limit: 10))
        let bytes = {
            let walk = DiskWalk(folder.folder(ofJob: "job"), streams: watch.streams)
            while !walk.go(on: 1) {}
            return walk.bytes
        }
        let before = bytes()
        try append(String(repeating: "x", count: 1 << 20), to: folder.standardOutput(ofJob: "job"))
        #expect(bytes() - before == 11)
        // What a job puts in a stream's place is a file like any other.
        try FileManager.default.removeItem(atPath: folder.standardError(ofJob: "job"))
        try Data(repeating: 0, count: 1 << 20).write(to: URL(fileURLWithPath: folder.standardError(ofJob: "job")))
        #expect(bytes() - before >= 1 << 20)
    }

    @Test("it follows no link that a job put in the place of its output")
    func link() throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let output = folder.standardOutput(ofJob: "job")
        try FileManager.default.moveItem(atPath: output, toPath: root + "/other")
        try FileManager.default.createSymbolicLink(atPath: output, withDestinationPath: root + "/other")
        #expect(LogWatch(folder: folder, job: "job", limit: 10) == nil)
    }

    private func prepared() throws -> NodeFolder {
        let folder = try NodeFolder(path: root)
        try FileManager.default.createDirectory(atPath: folder.folder(ofJob: "job"), withIntermediateDirectories: true)
        for path in [folder.standardOutput(ofJob: "job"), folder.standardError(ofJob: "job")] { try Data().write(to: URL(fileURLWithPath: path)) }
        return folder
    }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}
