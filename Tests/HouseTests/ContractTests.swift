import Conformance
import Testing

/// The contract's rows, the clauses, their files and their mutants name the same things.
@Suite("Rows, clauses and mutants")
struct ContractTests {
    /// Rows that come with a later part of the platform; all others that need neither faults nor a clock are judged.
    private static let comesLater: Set<String> = [
        "CON-03", "USE-02",
    ]

    /// Rows that are judged already but for the part that needs faults.
    private static let judgedInPart: Set<String> = ["FIL-02"]

    private static func needsLater(_ row: Contract.Row) -> Bool {
        comesLater.contains(row.id) || (!judgedInPart.contains(row.id) && (row.needs.contains(.faults) || row.needs.contains(.clock)))
    }

    @Test("every clause that can be judged now is judged, and no other is")
    func built() {
        let built = Contract.clauses.map { $0.id }
        for row in Contract.rows {
            let isBuilt = built.contains(row.id)
            #expect(isBuilt != Self.needsLater(row), "\(row.id) is \(isBuilt ? "judged, but listed as coming later" : "not judged")")
        }
        for id in built { #expect(Contract.row(id) != nil, "\(id) is a clause without a row in the contract") }
    }

    @Test("ids are unique, and the clauses stand in the order of the rows")
    func order() {
        let rows = Contract.rows.map(\.id)
        #expect(Set(rows).count == rows.count)
        let built = Contract.clauses.map { $0.id }
        #expect(built == rows.filter { built.contains($0) })
    }

    @Test("every page has all its parts, and examples that differ")
    func pages() {
        for clause in Contract.clauses {
            let page = clause.page
            let parts = [
                ("requires", page.requires), ("why", page.why), ("breach", page.breach), ("mend", page.mend), ("failing", page.failing),
                ("passing", page.passing),
            ]
            for (name, text) in parts { #expect(text.contains { $0.isLetter }, "\(clause.id): the part '\(name)' of its page is empty") }
            #expect(page.failing != page.passing, "\(clause.id): the example that fails is the one that passes")
        }
    }

    @Test("a breach code is kebab case, and unique in its clause")
    func breachCodes() {
        for clause in Contract.clauses {
            let codes = Self.codes(clause)
            #expect(!codes.isEmpty && Set(codes).count == codes.count, "\(clause.id): \(codes)")
            for code in codes { #expect(code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(clause.id)/\(code)") }
        }
    }

    @Test("what a clause builds on is judged, and nothing builds on itself")
    func buildsOn() {
        let bases = Dictionary(uniqueKeysWithValues: Contract.clauses.map { ($0.id, $0.buildsOn) })
        for id in bases.keys.sorted() {
            for base in bases[id, default: []] { #expect(bases[base] != nil, "\(id) builds on \(base), which is no clause that is judged") }
            #expect(!Self.reachable(from: id, bases).contains(id), "\(id) builds on itself")
        }
    }

    private static func reachable(from id: String, _ bases: [String: [String]]) -> Set<String> {
        var found: Set<String> = []
        var pending = bases[id, default: []]
        while let next = pending.popLast() {
            if found.insert(next).inserted { pending += bases[next, default: []] }
        }
        return found
    }

    @Test("a clause is judged by probes with names of their own")
    func probes() {
        for clause in Contract.clauses { #expect(!clause.probes.isEmpty, "\(clause.id) has no probe") }
        for probe in Contract.probes(for: Contract.clauses) {
            #expect(probe.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "the probe '\(probe.name)' is not kebab case")
        }
    }

    // MARK: - Files

    @Test("one file a clause, in its family's folder, with its id in front, named in its family's list")
    func clauseFiles() throws {
        let files = try SourceTree.files(below: ["Sources/Conformance/Clauses"])
        let named = files.filter { $0.name.prefixMatch(of: /[A-Z]+[0-9]{2}[A-Z]/) != nil }
        var ids: [String] = []
        for file in named {
            let declared = file.text.firstMatch(of: /static let id(?:: String)? = "([A-Z]+)-([0-9]{2})"/)
            guard let declared else {
                Issue.record("\(file.path): error: it declares no id")
                continue
            }
            let (family, number) = (String(declared.1), String(declared.2))
            ids.append("\(family)-\(number)")
            let type = file.name.replacing(".swift", with: "")
            #expect(file.path == "Sources/Conformance/Clauses/\(family)/\(type).swift", "\(file.path) is not in the folder \(family)")
            #expect(type.hasPrefix(family + number), "\(file.path): error: its id is \(family)-\(number)")
            #expect(file.text.contains("enum \(type): Clause"), "\(file.path): error: it declares no enum \(type)")
            let list = files.first { $0.path.hasPrefix("Sources/Conformance/Clauses/\(family)/") && $0.text.contains("static let all: [any Clause.Type]") }
            #expect(list?.text.contains("\(type).self") == true, "\(type) is in no list of its family")
        }
        #expect(ids.sorted() == Contract.clauses.map { $0.id }.sorted())
    }

    private static let folder = "fixtures/connectors/mutants"

    /// The mutants themselves, also those in `own_neural/`, which bring a package `neural` of their own; that package aside.
    private static func mutants() throws -> [SourceTree.File] {
        try SourceTree.files(below: [folder], endings: [".py"]).filter { !$0.path.contains("/neural/") }
    }

    @Test("every mutant is named after a clause and one of its breaches")
    func mutantNames() throws {
        for file in try Self.mutants() {
            guard let parts = file.name.wholeMatch(of: /([A-Z]+-[0-9]{2})-([a-z0-9-]+)\.py/) else {
                Issue.record("\(file.path): error: a mutant is named <ID>-<breach>.py")
                continue
            }
            guard let clause = Contract.clause(String(parts.1)) else {
                Issue.record("\(file.path): error: \(parts.1) is no clause that is judged")
                continue
            }
            let codes = Self.codes(clause)
            #expect(codes.contains(String(parts.2)), "\(file.path): error: \(parts.1) has no breach '\(parts.2)'; it has \(codes)")
            #expect(file.text.contains("class Mutant"), "\(file.path): error: it has no class Mutant")
        }
    }

    @Test("every clause that is judged has a mutant that it kills")
    func mutantForEach() throws {
        let names = try Self.mutants().map(\.name)
        for clause in Contract.clauses {
            #expect(names.contains { $0.hasPrefix("\(clause.id)-") }, "\(clause.id) has no mutant in \(Self.folder)")
        }
    }

    private static func codes<C: Clause>(_ clause: C.Type) -> [String] { C.Breach.allCases.map(\.rawValue) }
}
