import Recording

enum CRD04TildeAndBadFiles: Clause {
    enum Breach: String, BreachCode {
        case tildeNotExpanded = "tilde-not-expanded"
        case missingFile = "missing-file"
        case corruptFile = "corrupt-file"
    }

    static let id = "CRD-04"
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: "A path that begins with ~ means the home folder; loading a missing or corrupt file raises FileOperationError.",
        why: "Paths come from configuration files, where no shell expands them. Callers catch one error, not three.",
        breach: "A folder named ~ in the working folder, {} for a missing file, a FileNotFoundError or a JSONDecodeError.",
        mend: "Call os.path.expanduser, and wrap OSError and ValueError in FileOperationError.",
        failing: """
            def load_credentials_from_file(filepath=None):
                with open(filepath) as file:
                    return json.load(file)
            """,
        passing: """
            def load_credentials_from_file(filepath=None):
                try:
                    with open(os.path.expanduser(filepath or DEFAULT)) as file:
                        return json.load(file)
                except (OSError, ValueError) as error:
                    raise FileOperationError(f"cannot load {filepath}") from error
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        guard let file = try CredentialsFile.seen(evidence) else { return .notApplicable(NeuralPackage.isOurs) }
        if file.isAbsent { return .notApplicable(CredentialsFile.absence) }
        guard file.tilde.isThere, file.tilde.loadRaised == nil else {
            let seen = file.tilde.raised ?? file.tilde.loadRaised ?? "no such file there"
            let reason = "a path that begins with ~ did not lead to the home folder"
            return .breached(.tildeNotExpanded, file.failure(reason, expected: "a file below the home folder", seen: seen))
        }
        if let finding = load(file, file.missing, "missing", .missingFile) ?? load(file, file.corrupt, "corrupt", .corruptFile) {
            return finding
        }
        return .holds(Witness(file.fact))
    }

    private static func load(_ file: CredentialsFile, _ raised: [String]?, _ what: String, _ breach: Breach) -> Finding<Breach>? {
        guard !(raised ?? []).contains("FileOperationError") else { return nil }
        let seen = raised?.first ?? "a normal return"
        return .breached(breach, file.failure("loading a \(what) file gave \(seen)", expected: "FileOperationError", seen: seen))
    }
}
