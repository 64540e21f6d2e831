import Recording

enum CRD02LoadsWhatWasSaved: Clause {
    enum Breach: String, BreachCode {
        case notEqual = "not-equal"
        case notReplaced = "not-replaced"
        case raised
    }

    static let id = "CRD-02"
    static let probes: [any Probe.Type] = [NeuralPackageProbe.self]
    static let page = Page(
        requires: """
            load_credentials_from_file gives back the dict that was saved, nested values and letters beyond ASCII included. \
            What is saved in place of another dict is loaded alone, also by who has loaded the first one.
            """,
        why: "The pair exists so that a key is typed in once.",
        breach: "Only some keys are kept, every value becomes a str, or the two functions use different default files; the new dict is mixed with the one that was there, or load_credentials_from_file remembers that one.",
        mend: "Write and read the whole dict as JSON in UTF-8, and take the default path from one constant.",
        failing: """
            json.dump({key: str(value) for key, value in credentials.items()}, file)
            """,
        passing: """
            json.dump(credentials, file)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        guard let file = try CredentialsFile.seen(evidence) else { return .notApplicable(NeuralPackage.isOurs) }
        if file.isAbsent { return .notApplicable(CredentialsFile.absence) }
        for saved in [file.fresh, file.overExisting, file.byDefault, file.again] where !saved.loaded {
            if let raised = saved.raised ?? saved.loadRaised {
                let reason = "saving and loading \(saved.phrase) raised \(raised)"
                return .breached(.raised, file.failure(reason, expected: "the dict that was saved", seen: raised))
            }
            let reason = "\(saved.phrase) gave back another dict"
            let isSecond = saved.phrase == file.again.phrase
            return .breached(isSecond ? .notReplaced : .notEqual, file.failure(reason, expected: "the dict that was saved", seen: "another dict"))
        }
        return .holds(Witness(file.fact))
    }
}
