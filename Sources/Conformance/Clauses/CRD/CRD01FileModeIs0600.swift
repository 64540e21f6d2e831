import Recording

enum CRD01FileModeIs0600: Clause {
    enum Breach: String, BreachCode {
        case wrongMode = "wrong-mode"
        case notSaved = "not-saved"
    }

    static let id = "CRD-01"
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: "save_credentials_to_file leaves a file with mode 0600, at the path given or at ~/.neural/credentials.json.",
        why: "Whoever else has an account on the machine must not read the key.",
        breach: "The file has whatever mode the umask gives, often 0644.",
        mend: "Open it with os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600).",
        failing: """
            with open(path, "w") as file:
                json.dump(credentials, file)
            """,
        passing: """
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(credentials, file)
            os.replace(beside, path)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        guard let file = try CredentialsFile.seen(evidence) else { return .notApplicable(NeuralPackage.isOurs) }
        if file.isAbsent { return .notApplicable(CredentialsFile.absence) }
        for saved in [file.fresh, file.byDefault] {
            guard saved.isThere, let mode = saved.mode else {
                let seen = saved.raised ?? "no file there"
                return .breached(.notSaved, file.failure("\(saved.phrase) was not saved", expected: "a file", seen: seen))
            }
            guard mode == 0o600 else {
                let seen = CredentialsFile.octal(mode)
                return .breached(.wrongMode, file.failure("\(saved.phrase) has mode \(seen)", expected: "0600", seen: seen))
            }
        }
        return .holds(Witness(file.fact))
    }
}
