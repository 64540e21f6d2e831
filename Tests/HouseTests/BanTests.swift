import Testing

@Suite("Pure code stays pure")
struct BanTests {
    @Test("the simulation uses no ambient time, randomness or I/O, and imports nothing of the contract")
    func simulation() throws { try check(["Sources/Simulation"], Bans.simulation) }

    @Test("clauses use no ambient time, randomness or I/O, and import only Recording")
    func clauses() throws { try check(["Sources/Conformance/Clauses", "Sources/Conformance/Contract"], Bans.clauses) }

    @Test("the judging uses no ambient time, randomness or I/O")
    func judging() throws { try check(["Sources/Conformance/Judging"], Bans.judging) }

    private func check(_ folders: [String], _ bans: Bans) throws {
        let files = try SourceTree.files(below: folders)
        #expect(files.count > 3, "\(folders) hold no sources: has a folder moved?")
        let violations = files.flatMap { bans.violations(in: $0.path, source: $0.text) }
        #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))")
    }

    @Test("every ban is found, with path, line and replacement")
    func everyWord() {
        for (word, replacement) in Bans.simulation.words {
            let found = Bans.simulation.violations(in: "a.swift", source: "let a = 1\nlet b = \(word)\n")
            #expect(found == ["a.swift:2: error: \(word.trimmingSuffix(" ")) is banned, use \(replacement)"])
        }
    }

    @Test("an import off the list is found, whatever stands before it")
    func imports() {
        let source = "import Recording\n@testable import Foundation\nimport struct Glibc.timespec\n"
        #expect(
            Bans.clauses.violations(in: "a.swift", source: source) == [
                "a.swift:2: error: import Foundation is banned, use Recording", "a.swift:3: error: import Glibc is banned, use Recording",
            ])
    }

    @Test("comments, texts and longer names are no use of a word")
    func nearMisses() {
        let source = ##"""
            // Date() in a comment
            /* Task { in
               another */ let a = "print(1)" + #"UUID() "quoted" "#
            let page = """
                print("hello")  # Python
                \" time.time()
                """
            struct BirthDate {}; let b = blueprint(1), c = myDate(2), threads = 3, isThreadSafe = true
            """##
        #expect(Bans.simulation.violations(in: "a.swift", source: source).isEmpty)
        #expect(Bans.simulation.violations(in: "a.swift", source: source + "\nprint(b)") == [
            "a.swift:9: error: print( is banned, use a value that is returned"
        ])
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String { last == suffix ? String(dropLast()) : self }
}
