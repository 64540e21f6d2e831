import Conformance
import Yams

/// Reads `windtunnel.yaml` strictly: an unknown key or a wrong type is an error with its line and the nearest known word.
struct ProjectFileReader {
    let path: String

    private static let keys = [
        "connector", "python", "credential", "only", "skip", "level", "strict", "seed", "jobs", "timeout", "capabilities", "limits",
        "opt_outs",
    ]

    func read(_ root: Node) throws -> ProjectFile {
        var file = ProjectFile()
        for (key, value) in try mapping(root, "the file") {
            let name = try known(key, Self.keys)
            switch name {
            case "connector": file.connector = try text(value, name)
            case "python": file.python = try text(value, name)
            case "credential": file.credentials = try entries(value, name).map { .init(key: $0.0, value: $0.1) }
            case "only": file.only = try list(value, name)
            case "skip": file.skip = try list(value, name)
            case "level": file.level = try level(value)
            case "strict": file.strict = try flag(value, name)
            case "seed": file.seed = UInt64(try number(value, name, from: 0))
            case "jobs": file.jobs = try number(value, name, from: 1)
            case "timeout": file.timeout = try DurationText.parse(try text(value, name), of: "\(path):\(line(value)): timeout")
            case "capabilities": file.off = try capabilities(value)
            case "limits": try limits(value, &file)
            default: file.optOuts = try optOuts(value)
            }
        }
        return file
    }

    // MARK: - The sections

    private func capabilities(_ node: Node) throws -> [Capability: String] {
        var off: [Capability: String] = [:]
        for (key, value) in try mapping(node, "capabilities") {
            let name = try known(key, Capability.allCases.map(\.rawValue))
            guard let capability = Capability(rawValue: name) else { continue }
            if value.bool == true { continue }
            var reason: String?
            var supported = false
            for (field, part) in try mapping(value, "capabilities.\(name)", "{supported: false, reason: why}") {
                switch try known(field, ["supported", "reason"]) {
                case "supported": supported = try flag(part, "supported")
                default: reason = try text(part, "reason")
                }
            }
            if supported { continue }
            guard let reason, !reason.isEmpty else {
                throw wrong(key, "the capability \(name) is declared off without a reason; write {supported: false, reason: why}")
            }
            off[capability] = reason
        }
        return off
    }

    private func limits(_ node: Node, _ file: inout ProjectFile) throws {
        for (key, value) in try mapping(node, "limits") {
            switch try known(key, ["max_gpus", "deadline"]) {
            case "max_gpus": file.maxGPUs = try number(value, "max_gpus", from: 0)
            default: file.timeout = try DurationText.parse(try text(value, "deadline"), of: "\(path):\(line(value)): deadline")
            }
        }
    }

    private func optOuts(_ node: Node) throws -> [String: String] {
        var reasons: [String: String] = [:]
        for (id, reason) in try entries(node, "opt_outs") {
            guard Contract.row(id) != nil else { throw wrong(node, "opt_outs names \(id), which is no clause of the contract") }
            reasons[id] = reason
        }
        return reasons
    }

    private func level(_ node: Node) throws -> Contract.Level {
        let word = try text(node, "level")
        guard let level = Contract.Level(rawValue: word.uppercased()) else {
            throw wrong(node, "level is '\(word)'; it is one of must, should, info")
        }
        return level
    }

    // MARK: - Plain values

    private func mapping(_ node: Node, _ what: String, _ example: String = "key: value") throws -> [(Node, Node)] {
        guard let mapping = node.mapping else { throw wrong(node, "\(what) must be a mapping, such as \(example)") }
        return mapping.map { ($0.key, $0.value) }
    }

    private func entries(_ node: Node, _ name: String) throws -> [(String, String)] {
        try mapping(node, name).map { (try text($0, name), try text($1, name)) }
    }

    private func known(_ key: Node, _ words: [String]) throws -> String {
        let word = try text(key, "a key")
        if words.contains(word) { return word }
        let nearest = words.min { EditDistance.between(word, $0) < EditDistance.between(word, $1) } ?? ""
        throw wrong(key, "unknown key '\(word)'; did you mean '\(nearest)'?")
    }

    private func text(_ node: Node, _ name: String) throws -> String {
        guard let scalar = node.scalar else { throw wrong(node, "\(name) must be a text") }
        return scalar.string
    }

    private func list(_ node: Node, _ name: String) throws -> [String] {
        guard let sequence = node.sequence else { throw wrong(node, "\(name) must be a list, such as [SUB, STA-03]") }
        return try sequence.map { try text($0, name) }
    }

    private func flag(_ node: Node, _ name: String) throws -> Bool {
        guard let flag = node.bool else { throw wrong(node, "\(name) must be true or false") }
        return flag
    }

    private func number(_ node: Node, _ name: String, from least: Int) throws -> Int {
        guard let number = node.int, number >= least else { throw wrong(node, "\(name) must be a whole number, \(least) or more") }
        return number
    }

    private func line(_ node: Node) -> Int { node.mark?.line ?? 0 }

    private func wrong(_ node: Node, _ message: String) -> UsageError { UsageError("\(path):\(line(node)): \(message)") }
}
