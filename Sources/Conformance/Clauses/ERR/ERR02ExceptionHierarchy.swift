import Recording

enum ERR02ExceptionHierarchy: Clause {
    enum Breach: String, BreachCode {
        case missing
        case notDerived = "not-derived"
    }

    static let id = "ERR-02"
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: """
            neural.exceptions has CloudException, CloudConnectionError, CloudExecutionError and FileOperationError. The two Cloud errors \
            derive from CloudException, and all of them from Exception.
            """,
        why: "`except CloudException` is how callers handle whatever a platform does; a class outside the family slips through.",
        breach: "CloudExecutionError derives from RuntimeError, or from CloudConnectionError's sibling in another module.",
        mend: "Keep the classes of neural.exceptions as they are documented, and derive your own from them.",
        failing: """
            class CloudExecutionError(RuntimeError):
                pass
            """,
        passing: """
            class CloudExecutionError(CloudException):
                pass
            """)

    private static let bases: [(name: String, base: String)] = [
        ("CloudException", "Exception"), ("CloudConnectionError", "CloudException"), ("CloudExecutionError", "CloudException"),
        ("FileOperationError", "Exception"),
    ]

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let package = try evidence.recording(NeuralPackageProbe.self).inspection("inspection")
        guard package.inspection.ownNeural else { return .notApplicable(NeuralPackage.isOurs) }
        let found = package.inspection.finding("exception_hierarchy")
        for (name, base) in bases {
            guard let lineage = found?[name]?.items else {
                return .breached(
                    .missing,
                    Failure(
                        "neural.exceptions has no class \(name)", expected: "the class \(name)", seen: "nothing", facts: [package.fact]))
            }
            guard lineage.contains(.string(base)) else {
                return .breached(
                    .notDerived,
                    Failure(
                        "\(name) does not derive from \(base)", expected: "\(base) among its bases",
                        seen: lineage.compactMap(\.string).joined(separator: ", "), facts: [package.fact]))
            }
        }
        return .holds(Witness(package.fact))
    }
}
