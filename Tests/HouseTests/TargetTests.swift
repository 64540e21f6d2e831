import Foundation
import Testing

/// The direction of the package: what each target may know.
@Suite("One package, one direction")
struct TargetTests {
    /// Targets of this package and libraries that each target may import, as in `docs/architecture.md`; what the system brings
    /// is free everywhere but in pure code.
    private static let mayUse: [(target: String, modules: [String])] = [
        ("CExecutorHook", []),
        ("CSpawn", []),
        ("ProcessSpawn", ["CSpawn"]),
        ("Simulation", ["HashTreeCollections"]),
        ("JobHistory", ["Simulation", "GRDB"]),
        ("JobExecution", ["ProcessSpawn"]),
        ("PlatformEngine", ["Simulation", "JobHistory", "JobExecution", "ProcessSpawn"]),
        (
            "PlatformServer",
            [
                "PlatformEngine", "Simulation", "JobHistory", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "NIOPosix",
                "NIOHTTPTypes",
            ]
        ),
        ("NativeClient", ["NIOCore", "NIOPosix", "NIOHTTP1"]),
        ("Recording", []),
        ("ConnectorHost", ["ProcessSpawn", "Recording"]),
        ("Conformance", ["Recording"]),
        ("Reporting", ["Conformance", "Recording"]),
        (
            "Harness",
            [
                "PlatformEngine", "PlatformServer", "ConnectorHost", "Conformance", "Reporting", "Recording", "Simulation", "JobHistory",
                "JobExecution", "NativeClient", "ProcessSpawn", "Yams",
            ]
        ),
        (
            "windtunnel",
            ["Harness", "NativeClient", "JobExecution", "JobHistory", "Conformance", "Reporting", "CExecutorHook", "NIOCore", "NIOPosix", "ArgumentParser"]
        ),
        ("windtunnel-bench", []),
    ]

    private static let system = ["Foundation", "FoundationEssentials", "Glibc", "Darwin", "Musl", "Dispatch", "Synchronization"]

    @Test("a target imports only what it may", arguments: Self.mayUse.map(\.target))
    func imports(_ target: String) throws {
        let allowed = Self.mayUse.first { $0.target == target }?.modules ?? []
        for file in try SourceTree.files(below: ["Sources/\(target)"]) {
            for module in Imports.modules(of: file.text) where !Self.system.contains(module) {
                #expect(allowed.contains(module), "\(file.path): error: import \(module) is banned, use \(allowed.joined(separator: ", "))")
            }
        }
    }

    @Test("a target may use only targets above it")
    func order() {
        let order = Self.mayUse.map(\.target)
        for (index, entry) in Self.mayUse.enumerated() {
            for module in entry.modules where order.contains(module) {
                #expect(order.prefix(index).contains(module), "\(entry.target) may use \(module), which stands below it")
            }
        }
    }

    @Test("every folder below Sources is a target of this table, and of Package.swift in the same order")
    func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.appendingPathComponent("Sources").path)
        #expect(folders.filter { !$0.hasPrefix(".") }.sorted() == Self.mayUse.map(\.target).sorted())
        #expect(try Manifest.read().targets.map(\.name) == Self.mayUse.map(\.target))
    }

    @Test("Package.swift gives each target no more of this package than it may use", arguments: Self.mayUse.map(\.target))
    func manifest(_ target: String) throws {
        let manifest = try Manifest.read()
        let entry = try #require(manifest.targets.first { $0.name == target })
        let allowed = Self.mayUse.first { $0.target == target }?.modules ?? []
        for dependency in entry.dependencies {
            #expect(allowed.contains(dependency), "Package.swift: \(target) depends on \(dependency), which it may not use")
        }
        // What it imports is there by its own dependencies, or by theirs.
        let reachable = manifest.reachable(from: target)
        let used = Set(try SourceTree.files(below: ["Sources/\(target)"]).flatMap { Imports.modules(of: $0.text) })
        for module in used.sorted() where manifest.targets.contains(where: { $0.name == module }) {
            #expect(reachable.contains(module), "Package.swift: \(target) imports \(module) without depending on it")
        }
    }

    private static let sqlWords = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "PRAGMA"]

    @Test("only JobHistory knows SQL")
    func sql() throws {
        let statement = /\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA\s)\b/
        for file in try SourceTree.files(below: ["Sources"]) where file.target != "JobHistory" {
            for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard Self.sqlWords.contains(where: { line.contains($0) }) else { continue }
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                #expect(isComment || line.firstMatch(of: statement) == nil, "\(file.path):\(index + 1): error: SQL is banned, use JobHistory")
            }
        }
        #expect("let a = \"SELECT id FROM job\"".firstMatch(of: statement) != nil)
    }
}

/// The targets of Package.swift, read as text.
struct Manifest {
    struct Entry {
        let name: String
        let dependencies: [String]
    }

    let targets: [Entry]

    static func read() throws -> Manifest {
        let text = try SourceTree.read("Package.swift")
        let starts = text.matches(of: /\.(target|executableTarget|testTarget)\(\s*name: "([\w-]+)"/)
        return Manifest(
            targets: starts.enumerated().compactMap { index, start in
                let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : text.endIndex
                let body = text[start.range.upperBound..<end]
                let list = body.firstMatch(of: /dependencies: \[([^\[\]]*)\]/)?.1 ?? ""
                let packaged = list.replacing(/\.product\([^)]*\)/, with: "")
                let names = packaged.matches(of: /"([\w-]+)"/).map { String($0.1) }
                // What is below Tests may use what it tests.
                let isProduct = start.1 != "testTarget" && !body.contains("path: \"Tests/")
                return isProduct ? Entry(name: String(start.2), dependencies: names) : nil
            })
    }

    func reachable(from target: String) -> Set<String> {
        var found: Set<String> = []
        var pending = [target]
        while let next = pending.popLast() {
            for name in targets.first(where: { $0.name == next })?.dependencies ?? [] where found.insert(name).inserted { pending.append(name) }
        }
        return found
    }
}
