import Foundation
import JobExecution
import Testing

@testable import PlatformEngine

@Suite("How two streams become one log")
struct LogMergeTests {
    @Test("marks are joined, and one that says less says nothing")
    func marks() throws {
        let path = folder.path + "/index"
        for mark in [(10, 0), (10, 4), (8, 4), (8, 6)] as [(Int64, Int64)] {
            #expect(LogOrder.append(LogOrder.Mark(output: mark.0, errors: mark.1), to: path))
        }
        #expect(LogOrder.read(path).map { [$0.output, $0.errors] } == [[10, 0], [10, 4], [10, 6]])
    }

    @Test("a line that was cut off by a crash is not believed, and not in the way of the next", arguments: ["12", "12 ", "12 1", "x 1 2"])
    func tornLine(torn: String) throws {
        let path = folder.path + "/index"
        try "10 0\n\(torn)".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(LogOrder.read(path).map(\.output) == [10])
        LogOrder.append(LogOrder.Mark(output: 13, errors: 3), to: path)
        #expect(LogOrder.read(path).last == LogOrder.Mark(output: 13, errors: 3))
    }

    @Test("the streams are shown in the order of the marks, then the rest of each")
    func inOrder() throws {
        let (node, reader) = try job(output: "o1\no2\no3\n", errors: "e1\ne2\n")
        for mark in [(3, 0), (3, 3), (6, 3)] as [(Int64, Int64)] {
            LogOrder.append(LogOrder.Mark(output: mark.0, errors: mark.1), to: node.logOrder(ofJob: "job"))
        }
        #expect(read(reader, hasEnded: true) == "o1\ne1\no2\no3\ne2\n")
    }

    @Test("what was shown stays as it was, whatever comes then and whoever marks it")
    func prefix() throws {
        let (node, reader) = try job(output: "o1\no", errors: "e1\n")
        #expect(read(reader, hasEnded: false) == "o1\ne1\n")
        try append("2\n", to: node.standardOutput(ofJob: "job"))
        // A look of the node from before that read.
        LogOrder.append(LogOrder.Mark(output: 3, errors: 0), to: node.logOrder(ofJob: "job"))
        #expect(read(reader, hasEnded: false) == "o1\ne1\no2\n")
        try append("e2", to: node.standardError(ofJob: "job"))
        #expect(read(reader, hasEnded: false) == "o1\ne1\no2\n")
        #expect(read(reader, hasEnded: true) == "o1\ne1\no2\ne2")
    }

    @Test("a stream is cut at its limit, with a line that says so, once, and what was shown before stays")
    func limit() throws {
        let (node, reader) = try job(output: "0123456\n", errors: "e1\n", limit: 10)
        let marker = "[windtunnel: the log is cut here, at 10 bytes; what follows was dropped]\n"
        #expect(read(reader, hasEnded: false) == "0123456\ne1\n")
        try append("89abc", to: node.standardOutput(ofJob: "job"))
        #expect(read(reader, hasEnded: false) == "0123456\ne1\n89\n" + marker)
        try append("e2\n", to: node.standardError(ofJob: "job"))
        #expect(read(reader, hasEnded: true) == "0123456\ne1\n89\n" + marker + "e2\n")
        #expect(read(reader, .stdout, hasEnded: true) == "0123456\n89\n" + marker)
        #expect(read(reader, .stdout, hasEnded: true, offset: 12) == marker.dropFirst(1))
        // A reader that was told another limit believes the job's folder.
        try "10\n".write(toFile: node.logLimit(ofJob: "job"), atomically: false, encoding: .utf8)
        #expect(read(LogReader(node.jobsFolder, limitBytes: 1000), .stdout, hasEnded: true) == "0123456\n89\n" + marker)
    }

    @Test("a stream of just the limit is whole, and a cut leaves characters whole")
    func atTheLimit() throws {
        let (_, reader) = try job(output: "12345678é", errors: "12345678éx", limit: 10)
        #expect(read(reader, .stdout, hasEnded: true) == "12345678é")
        let (_, other) = try job(output: "123456789éx", errors: "", limit: 10)
        #expect(read(other, .stdout, hasEnded: true).hasPrefix("123456789\n["))
    }

    @Test("what cannot be noted is not merged")
    func noRoom() throws {
        let (node, reader) = try job(output: "o1\n", errors: "e1\n")
        try FileManager.default.createDirectory(atPath: node.logOrder(ofJob: "job"), withIntermediateDirectories: false)
        #expect(read(reader, hasEnded: false) == "")
        #expect(read(reader, hasEnded: true) == "o1\ne1\n")
    }

    @Test("a limit or marks that the job made up neither stop a reader nor show what is not there", arguments: ["-5", "1", "9223372036854775807"])
    func madeUp(limit: String) throws {
        let (node, reader) = try job(output: "o1\n", errors: "e1\n")
        try "\(limit)\n".write(toFile: node.logLimit(ofJob: "job"), atomically: false, encoding: .utf8)
        LogOrder.append(LogOrder.Mark(output: .max, errors: .max - 1), to: node.logOrder(ofJob: "job"))
        let marker = "\n[windtunnel: the log is cut here, at 1 bytes; what follows was dropped]\n"
        for hasEnded in [false, true] {
            #expect(read(reader, hasEnded: hasEnded) == (limit == "1" ? "o\(marker)e\(marker)" : "o1\ne1\n"))
            #expect(read(reader, .stderr, hasEnded: hasEnded) == (limit == "1" ? "e\(marker)" : "e1\n"))
        }
    }

    @Test("pipes and links in the place of files keep no reader waiting, and show nothing", arguments: [true, false])
    func foreign(isPipe: Bool) throws {
        let (node, reader) = try job(output: "o1\n", errors: "e1\n")
        let secret = folder.path + "/secret"
        try "5\n".write(toFile: secret, atomically: false, encoding: .utf8)
        let put = { (path: String) in
            unlink(path)
            #expect((isPipe ? mkfifo(path, 0o600) : symlink(secret, path)) == 0)
        }
        put(node.logLimit(ofJob: "job"))
        put(node.logOrder(ofJob: "job"))
        #expect(read(reader, .stdout, hasEnded: false) == "o1\n")
        #expect(read(reader, hasEnded: true) == "o1\ne1\n")
        put(node.standardOutput(ofJob: "job"))
        #expect(read(reader, .stdout, hasEnded: true) == "")
        #expect(read(reader, hasEnded: true) == "")
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "5\n")
    }

    private let folder = TemporaryFolder()

    private func job(output: String, errors: String, limit: Int64 = 1000) throws -> (NodeFolder, LogReader) {
        let node = try NodeFolder(path: "\(folder.path)/\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: node.folder(ofJob: "job"), withIntermediateDirectories: true)
        try append(output, to: node.standardOutput(ofJob: "job"))
        try append(errors, to: node.standardError(ofJob: "job"))
        return (node, LogReader(node.jobsFolder, limitBytes: limit))
    }

    private func append(_ text: String, to path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func read(_ reader: LogReader, _ stream: LogStream = .combined, hasEnded: Bool, offset: Int64 = 0) -> String {
        String(decoding: reader.read(stream, ofJob: "job", hasEnded: hasEnded, offset: offset).all(), as: UTF8.self)
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
