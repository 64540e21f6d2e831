import Foundation
import Testing

@Suite("The tree is tidy")
struct TidinessTests {
    /// Files that may be longer, each with the reason.
    private static let long: [String: String] = [
        "Sources/ConnectorHost/GuestFiles.swift": "generated from the guest's Python files",
        "Sources/JobExecution/Warm/zygote.py": "one program, which an interpreter is given as one text",
        "Sources/JobExecution/Warm/ZygoteSource.swift": "generated from zygote.py",
        "Sources/Harness/Demo/DemoFiles.swift": "generated from the demo's connectors",
        "LICENSE": "the text of the licence",
        "scripts/torture.py": "one test from beginning to end: its clients, its kills and its checks share what they know",
    ]
    private static let linesMax = 400

    private static let text = [".swift", ".py", ".c", ".h", ".sh", ".md", ".yaml", ".yml", "Makefile", "run", "LICENSE"]

    private static func everything() throws -> [SourceTree.File] {
        let top = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path).filter { name in
            text.contains { name.hasSuffix($0) }
        }.sorted()
        return try top.map { SourceTree.File(path: $0, text: try SourceTree.read($0)) }
            + SourceTree.files(below: ["Sources", "Tests", "fixtures", "docs", "scenarios", "scripts", ".ci"], endings: text)
    }

    @Test("no file is longer than 400 lines, but for those named here with a reason")
    func length() throws {
        for file in try Self.everything() {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            guard lines > Self.linesMax else { continue }
            #expect(Self.long[file.path] != nil, "\(file.path) has \(lines) lines: make two files of it")
        }
        for path in Self.long.keys.sorted() { #expect(SourceTree.exists(path), "\(path) is listed as long and is not there") }
    }

    @Test("nothing names the machine it was made on, or a host of one")
    func machines() throws {
        // An absolute path into somebody's folders; one that only ends like it (`job/work/`) is none.
        let folders = /(?:^|[\s"'`(=:,])\/(?:work|root|home|Users)\/[^\s"'`),]*/
        let hosts = /https?:\/\/[^\s\/"'`)]*(?:mirror|registry|artifactory|nexus|proxy|\.internal|\.corp|\.local)[^\s\/"'`)]*/
        for file in try Self.everything() where file.name != "TidinessTests.swift" {
            for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                // Most lines have no slash: a look is cheaper than a match.
                guard line.utf8.contains(UInt8(ascii: "/")) else { continue }
                if let path = line.firstMatch(of: folders)?.0 {
                    Issue.record("\(file.path):\(index + 1): error: \(path) is banned, use a path from the project's folder")
                }
                #expect(line.firstMatch(of: hosts) == nil, "\(file.path):\(index + 1): error: a registry's host is banned, use the client's own settings")
            }
        }
    }

    @Test("build products, resolved versions and state folders are ignored")
    func ignored() throws {
        let lines = try SourceTree.read(".gitignore").split(separator: "\n").map(String.init)
        for name in [".build*/", "Package.resolved", ".windtunnel/", "__pycache__/"] { #expect(lines.contains(name), ".gitignore lacks \(name)") }
    }

    @Test("no trailing blanks, no tabs but in Makefiles, one line end at the end")
    func whitespace() throws {
        for file in try Self.everything() where file.path != "LICENSE" {
            for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                #expect(line.last != " " && line.last != "\t", "\(file.path):\(index + 1): error: a trailing blank")
                #expect(file.name == "Makefile" || !line.contains("\t"), "\(file.path):\(index + 1): error: a tab")
            }
            #expect(file.text.isEmpty || (file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n")), "\(file.path): error: its last line")
        }
    }

    @Test("sources hold no force: no try!, as! or fatalError, and nothing left to do")
    func force() throws {
        let bans = Bans(
            words: [
                ("try!", "a typed error"), ("as!", "as? with an error"), ("fatalError(", "precondition with the state in its message"),
                ("#if DEBUG", "the same code in every build"),
            ], imports: [])
        for file in try SourceTree.files(below: ["Sources"]) {
            let violations = bans.violations(in: file.path, source: file.text).filter { !$0.contains("error: import ") }
            #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
            // Spelled in two parts, so that this file does not hold them itself.
            for word in ["TO" + "DO", "FIX" + "ME"] { #expect(!file.text.contains(word), "\(file.path) holds a \(word)") }
        }
    }
}
