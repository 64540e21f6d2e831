import Recording

enum CRD04TildeAndBadFiles: Clause {
    enum Breach: String, BreachCode {
        case tildeNotExpanded = "tilde-not-expanded"
        case missingFile = "missing-file"
        case missingDefault = "missing-default-file"
        case corruptFile = "corrupt-file"
        case emptyFile = "empty-file"
        case notUTF8 = "not-utf-8"
    }

    static let id = "CRD-04"
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: """
            A path that begins with ~ means the home folder; loading a missing or corrupt file raises FileOperationError: \
            the default one too, and a file that is empty or not UTF-8 where it cannot be loaded.
            """,
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
        let cases: [(name: String, phrase: String, breach: Breach)] = [
            ("missing", "a missing file", .missingFile), ("missing_default", "the default file, which is missing,", .missingDefault),
            ("corrupt", "a corrupt file", .corruptFile),
        ]
        for one in cases {
            if let finding = load(file, file.raised(by: one.name), one.phrase, one.breach) { return finding }
        }
        // In some formats an empty file is a dict with nothing in it, and another encoding finds one in any bytes: no harm is done.
        let doubtful: [(name: String, phrase: String, breach: Breach)] = [
            ("empty", "an empty file", .emptyFile), ("not_utf8", "a file that is not UTF-8", .notUTF8),
        ]
        for one in doubtful {
            if let raised = file.raised(by: one.name), let finding = load(file, raised, one.phrase, one.breach) { return finding }
        }
        return .holds(Witness(file.fact))
    }

    private static func load(_ file: CredentialsFile, _ raised: [String]?, _ what: String, _ breach: Breach) -> Finding<Breach>? {
        guard !(raised ?? []).contains("FileOperationError") else { return nil }
        let seen = raised?.first ?? "a normal return"
        return .breached(breach, file.failure("loading \(what) gave \(seen)", expected: "FileOperationError", seen: seen))
    }
}
