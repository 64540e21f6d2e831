import Recording

enum CRD03NeverWiderThan0600: Clause {
    enum Breach: String, BreachCode {
        case wideForAnInstant = "wide-for-an-instant"
        case existingFileWide = "existing-file-wide"
    }

    static let id = "CRD-03"
    static let buildsOn = ["CRD-01", "CRD-02"]
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: "While credentials are saved, no file of theirs is wider than 0600, not for an instant; also over an existing 0644 file.",
        why: "A reader who opens the file in that instant keeps it open, and reads the key that is written later.",
        breach: "open(path, \"w\") and then chmod; or os.open(path, ..., 0o600) over a file that was there, whose mode it does not change.",
        mend: "Write a new file beside it with mode 0600 (tempfile.mkstemp does) and os.replace it over the old one.",
        failing: """
            with open(path, "w") as file:
                json.dump(credentials, file)
            os.chmod(path, 0o600)               # too late
            """,
        passing: """
            descriptor, beside = tempfile.mkstemp(dir=folder)      # 0600 from the start
            with os.fdopen(descriptor, "w") as file:
                json.dump(credentials, file)
            os.replace(beside, path)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        guard let file = try CredentialsFile.seen(evidence) else { return .notApplicable(NeuralPackage.isOurs) }
        if file.isAbsent { return .notApplicable(CredentialsFile.absence) }
        // In the order of the look: a file that one case left too wide is in the folder of the next ones too.
        let cases: [(CredentialsFile.Case, Breach)] = [
            (file.fresh, .wideForAnInstant), (file.overExisting, .existingFileWide), (file.byDefault, .wideForAnInstant),
        ]
        for (saved, breach) in cases {
            guard let mode = saved.mode else {
                throw PremiseMissing(reason: "\(saved.phrase) was not saved", by: nil)
            }
            let widest = (saved.widest ?? 0) | mode
            guard widest & ~0o600 == 0 else {
                let seen = CredentialsFile.octal(widest)
                return .breached(
                    breach,
                    file.failure("while \(saved.phrase) was saved its mode was \(seen)", expected: "never more than 0600", seen: seen))
            }
        }
        return .holds(Witness(file.fact))
    }
}
