/// The clauses on the credentials file.
enum CredentialsFileClauses {
    static let all: [any Clause.Type] = [
        CRD01FileModeIs0600.self, CRD02LoadsWhatWasSaved.self, CRD03NeverWiderThan0600.self, CRD04TildeAndBadFiles.self,
    ]
}
