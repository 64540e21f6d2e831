import Recording

/// The clauses on upload_file and download_file.
enum FileClauses {
    static let all: [any Clause.Type] = [FIL01BytesSurvive.self, FIL02MissingSource.self, FIL03PathsStayInside.self]

    static let capabilities: [Capability] = [.uploadFile, .downloadFile]

    /// Why the clauses do not apply: a method is declared off, or the first call of one says that it is not supported.
    static func notApplicable(_ recording: Recording, _ firstCalls: [String], _ terms: Terms) throws -> String? {
        if let reason = OptionalMethod.declaredOff(capabilities, terms) { return reason }
        for label in firstCalls {
            if let reason = OptionalMethod.unsupported(try recording.call(label)) { return reason }
        }
        return nil
    }
}
