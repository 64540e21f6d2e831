import Recording

enum FIL01BytesSurvive: Clause {
    enum Breach: String, BreachCode {
        case raised
        case returnedFalse = "returned-false"
        case returnedNone = "returned-none"
        case notWritten = "not-written"
        case notIdentical = "not-identical"
        case notStored = "not-stored"
        case otherFile = "other-file"
        case notReplaced = "not-replaced"
        case olderFile = "older-file"
        case stalled
    }

    static let id = "FIL-01"
    static let buildsOn = ["AUTH-01"]
    static let probes: [any Probe.Type] = [FilesProbe.self]
    static let page = Page(
        requires: """
            upload_file says that it worked, then download_file does, and the file is the same byte for byte: an empty one, one of a single byte, \
            one with every byte there is, one of 16 MiB, one with a unicode name; out of a folder too, and over a file that stands there already, \
            where the connector takes these. Of two files that went up under one name, the later one comes down. The platform has the files in between.
            """,
        why: "Weights and data sets pass through these two calls. One byte that is changed or lost shows up days later, as a model that is a little wrong.",
        breach: "Text mode or a decoding on the way, the first block of a stream only, a name that is put into the URL unquoted or cut to its last part, an empty file skipped, a copy kept on this machine, new bytes behind the old ones, an upload skipped because the name is there already.",
        mend: "Open files in binary mode, copy until the end, quote the name in the URL, and return True once it is all there.",
        failing: """
            def download_file(self, remote_path, local_path):
                response = self._session.get(f"{self._url}/v1/files/{remote_path}")
                with open(local_path, "w") as file:
                    file.write(response.text)            # decoded, and line ends changed
                return True
            """,
        passing: """
            def download_file(self, remote_path, local_path):
                response = self._session.get(f"{self._url}/v1/files/{quote(remote_path)}", stream=True)
                self._check(response)
                with open(local_path, "wb") as file:
                    shutil.copyfileobj(response.raw, file)
                return True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        for method in [Method.uploadFile, .downloadFile] {
            if let failure = OptionalMethod.stall(method, evidence) { return .breached(.stalled, failure) }
        }
        let recording = try evidence.recording(FilesProbe.self)
        let first = FilesProbe.kinds[0]
        let calls = ["upload \(first)"] + (recording.fact("download \(first)") == nil ? [] : ["download \(first)"])
        if let reason = try FileClauses.notApplicable(recording, calls, evidence.terms) { return .notApplicable(reason) }

        for kind in FilesProbe.kinds {
            for call in [try recording.call("upload \(kind)"), try recording.call("download \(kind)")] {
                if let (breach, failure) = wrong(call, kind) { return .breached(breach, failure) }
            }
        }
        let look = try recording.look("downloads")
        for kind in FilesProbe.kinds {
            let found = look.value[kind]
            guard found?["same"] != .bool(true) else { continue }
            let isThere = found?["is_file"] == .bool(true)
            let download = try recording.call("download \(kind)")
            return .breached(
                isThere ? .notIdentical : .notWritten,
                Failure(
                    isThere ? "a file (\(kind)) came back with other bytes" : "download_file \(said(download)), but there is no file (\(kind))",
                    expected: "the bytes that were uploaded", seen: isThere ? "other bytes" : "no file",
                    facts: [try recording.call("upload \(kind)").fact, download.fact, look.fact]))
        }
        if let (breach, failure) = try misplaced(recording, look) { return .breached(breach, failure) }
        return .holds(Witness(try recording.call("upload \(first)").fact, try recording.call("download \(first)").fact, look.fact))
    }

    /// Files that are not where they were sent, or not what was asked for. A connector may refuse folders, and files that stand there.
    private static func misplaced(_ recording: Recording, _ look: (fact: Fact, value: Value)) throws -> (Breach, Failure)? {
        let upload = try recording.call("upload binary")
        if let stored = recording.fact("files on the platform"), case .files(let paths) = stored.body, paths.isEmpty,
            try recording.jobs("jobs on the platform").jobs.isEmpty
        {
            return (
                .notStored,
                Failure(
                    "upload_file \(said(upload)), and the platform has no file", expected: "a file on the platform", seen: "none",
                    facts: [upload.fact, stored])
            )
        }
        let sent = try ["upload into a folder", "upload into another folder"].map { try recording.call($0) }
        let fetched = try recording.call("download out of a folder")
        if (sent + [fetched]).allSatisfy({ $0.value == .bool(true) }), look.value["out of a folder"]?["same"] != .bool(true) {
            return (
                .otherFile,
                Failure(
                    "of two files with one name in two folders, download_file gave the wrong one or none",
                    expected: "the bytes that were uploaded", seen: "other bytes, or no file", facts: sent.map(\.fact) + [fetched.fact, look.fact])
            )
        }
        let over = try recording.call("download over a file")
        if over.value == .bool(true), look.value["over a file"]?["same"] != .bool(true) {
            return (
                .notReplaced,
                Failure(
                    "download_file said True, and the file that stood there was not replaced by the one that was asked for",
                    expected: "the bytes that were uploaded", seen: "other bytes", facts: [upload.fact, over.fact, look.fact])
            )
        }
        return try older(recording, look)
    }

    /// A connector may refuse a name that is taken, by False or an exception. Who says True has replaced the file.
    private static func older(_ recording: Recording, _ look: (fact: Fact, value: Value)) throws -> (Breach, Failure)? {
        let calls = try [recording.call("upload under a taken name"), recording.call("download what went up last")]
        guard calls.allSatisfy({ $0.value == .bool(true) }), look.value["uploaded again"]?["same"] != .bool(true) else { return nil }
        return (
            .olderFile,
            Failure(
                "of two files that went up under one name, download_file gave the older one, or none",
                expected: "the bytes that were uploaded last", seen: "other bytes, or no file", facts: calls.map(\.fact) + [look.fact])
        )
    }

    private static func said(_ call: CallFact) -> String {
        call.value == .bool(true) ? "said True" : "returned \(call.outcome.phrase)"
    }

    /// The documented answer is a bool. What else counts as true to a caller (a path, a count) does no harm here.
    private static func wrong(_ call: CallFact, _ kind: String) -> (Breach, Failure)? {
        let method = call.call.method
        func failure(_ what: String) -> Failure {
            Failure("\(method) of a file that is there (\(kind)) \(what)", expected: "True", seen: call.outcome.phrase, facts: [call.fact])
        }
        switch call.outcome {
        case .raised(let raised): return (.raised, failure("raised \(raised.type)"))
        case .returned(.none): return (.returnedNone, failure("returned None"))
        case .returned(.bool(false)): return (.returnedFalse, failure("returned False"))
        default: return nil
        }
    }
}
