import Foundation
import Testing

@testable import PlatformEngine

@Suite("How two streams become one log")
struct LogMergeTests {
    @Test("the index takes what is new of each stream, and remembers it")
    func remembers() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/index"
        var index = MergeIndex(path: path)
        index.merge(.output, upTo: 10)
        index.merge(.errors, upTo: 4)
        index.merge(.output, upTo: 10)
        index.save()
        var again = MergeIndex(path: path)
        #expect(again.runs.map(\.length) == [10, 4])
        again.merge(.output, upTo: 12)
        again.save()
        #expect(MergeIndex(path: path).taken(.output) == 12)
    }

    @Test("a line that was cut off by a crash is not believed, and not in the way of the next")
    func tornLine() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/index"
        try "o 10\ne 12".write(toFile: path, atomically: false, encoding: .utf8)
        var index = MergeIndex(path: path)
        #expect(index.taken(.errors) == 0)
        index.merge(.errors, upTo: 3)
        index.save()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "o 10\ne 3\n")
    }

    @Test("what cannot be noted is not merged")
    func noRoom() {
        var index = MergeIndex(path: "/proc/no-such-folder/index")
        index.merge(.output, upTo: 10)
        index.save()
        #expect(index.runs.isEmpty)
    }

    @Test(
        "a growing text is cut behind whole lines",
        arguments: [("", 0), ("a", 0), ("a\n", 2), ("a\nb", 2), ("10 %\r20 %", 5), ("é\né", 3)])
    func wholeLines(text: String, end: Int) throws {
        let file = try opened(Data(text.utf8))
        #expect(TextBoundary.endOfWholeLines(file, after: 0, size: file.size) == end)
    }

    @Test("a line that is too long to wait for is cut behind a whole character")
    func longLine() throws {
        let file = try opened(Data(repeating: 0x61, count: 70_000) + Data("é".utf8).prefix(1))
        #expect(TextBoundary.endOfWholeLines(file, after: 0, size: file.size) == 70_000)
    }

    @Test("no character is cut", arguments: ["aé", "a漢", "a🦊"])
    func wholeCharacters(text: String) throws {
        let bytes = Data(text.utf8)
        for count in 1..<bytes.count {
            let file = try opened(bytes.prefix(count))
            #expect(TextBoundary.endOfWholeCharacters(file, size: file.size) == 1)
        }
        let file = try opened(bytes)
        #expect(TextBoundary.endOfWholeCharacters(file, size: file.size) == bytes.count)
    }

    private func opened(_ bytes: Data) throws -> OpenFile {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try bytes.write(to: URL(fileURLWithPath: folder.path + "/text"))
        return try #require(OpenFile(folder.path + "/text"))
    }
}
