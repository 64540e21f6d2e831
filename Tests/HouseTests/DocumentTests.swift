import Conformance
import Foundation
import Testing

@Suite("The documents keep up with the code")
struct DocumentTests {
    @Test("README shows every verb, and names none that is not there")
    func verbs() throws {
        let main = try SourceTree.read("Sources/windtunnel/Main.swift")
        let list = try #require(main.firstMatch(of: /subcommands: \[([^\]]*)\]/)).1
        let types = list.matches(of: /(\w+)\.self/).map { String($0.1) }
        let sources = try SourceTree.files(below: ["Sources/windtunnel"]).map(\.text)
        let verbs = types.compactMap { type -> String? in
            for text in sources {
                guard let start = text.range(of: "struct \(type)") else { continue }
                return text[start.upperBound...].firstMatch(of: /commandName: "([a-z]+)"/).map { String($0.1) }
            }
            return nil
        }
        #expect(verbs.count == types.count, "a verb has no commandName: \(types)")
        let documented = try SourceTree.read("README.md").matches(of: /(?m)^\| `([a-z]+)[ `]/).map { String($0.1) }
        #expect(documented.sorted() == verbs.sorted())
    }

    @Test("every environment variable of the code stands on the page about them, and none that is gone")
    func environment() throws {
        let page = "docs/environment.md"
        let variable = /\bWINDTUNNEL_[A-Z_]*[A-Z]\b/
        let sources = try SourceTree.files(below: ["Sources", "fixtures", "scripts"], endings: [".swift", ".py", ".c", ".sh"])
        let used = Set(sources.flatMap { $0.text.matches(of: variable).map { String($0.0) } })
        let documented = Set(try SourceTree.read(page).matches(of: variable).map { String($0.0) })
        for name in used.subtracting(documented).sorted() { Issue.record("\(page) does not name \(name)") }
        for name in documented.subtracting(used).sorted() { Issue.record("\(page) names \(name), which nothing reads or sets") }
    }

    @Test("links between the documents lead somewhere", arguments: [
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/conformance.md", "docs/contract.md",
        "docs/dependencies.md", "docs/environment.md", "docs/files-and-endpoints.md", "docs/history.md", "docs/limits.md", "docs/nodes.md", "docs/sandbox.md",
        "docs/state-folder.md", "scenarios/README.md",
    ])
    func links(_ path: String) throws {
        let text = try SourceTree.read(path)
        let folder = path.split(separator: "/").dropLast().map { "\($0)/" }.joined()
        for match in text.matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/) {
            #expect(SourceTree.exists(folder + match.1), "\(path) links to \(match.1), which is not there")
        }
    }

    @Test("docs/contract.md has every clause as it is (else run `make docs`)")
    func contractPage() throws {
        let isRow = /\| [A-Z]+-[0-9]+ \|/
        let rows = try SourceTree.read("docs/contract.md").split(separator: "\n").filter { $0.prefixMatch(of: isRow) != nil }
        let expected = Contract.rows.map { row in
            let judged = Contract.clause(row.id) == nil ? "not yet" : "yes"
            return "| \(row.id) | \(row.level.rawValue) | \(judged) | \(row.title) |"
        }
        #expect(rows.map(String.init) == expected)
    }

    @Test("the changelog begins with what is new")
    func changelog() throws { #expect(try SourceTree.read("CHANGELOG.md").contains("**New**")) }

    @Test("the commands at the top of README are there")
    func quickCommands() throws {
        let commands = try ReadmeCommands.quick()
        #expect(commands.count == 3)
        let targets = try SourceTree.read("Makefile").matches(of: /(?m)^([a-z]+):/).map { String($0.1) }
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            if words.first == "make" {
                #expect(words.count == 2 && targets.contains(words[1]), "\(command)")
            } else {
                #expect(words.first == "windtunnel" || words.first?.hasSuffix("/windtunnel") == true, "\(command)")
            }
        }
    }

    @Test("every verb of the Makefile has a comment, and a script that is there")
    func makefile() throws {
        let text = try SourceTree.read("Makefile")
        let verbs = text.matches(of: /(?m)^([a-z]+):[^=]/).map { String($0.1) }
        #expect(Set(verbs).isSuperset(of: ["demo", "build", "test", "check", "docs", "mutants", "soak", "bench", "guest", "clean"]))
        for verb in verbs { #expect(text.firstMatch(of: try Regex("(?m)^## [^\\n]+\\n\(verb):")) != nil, "the verb \(verb) has no comment") }
        for script in Set(text.matches(of: /scripts\/[a-z_]+\.(?:sh|py)/).map { String($0.0) }).sorted() {
            #expect(SourceTree.exists(script), "the Makefile calls \(script), which is not there")
        }
        #expect(try SourceTree.read(".ci/run").contains("make test"))
    }
}

/// The fenced blocks of README that begin with a line `<!-- run: quick -->` before them.
enum ReadmeCommands {
    static func quick() throws -> [String] {
        let text = try SourceTree.read("README.md")
        guard let mark = text.range(of: "<!-- run: quick -->\n```sh\n"), let end = text[mark.upperBound...].range(of: "\n```") else { return [] }
        return text[mark.upperBound..<end.lowerBound].split(separator: "\n").map { line in
            String(line.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
    }
}
