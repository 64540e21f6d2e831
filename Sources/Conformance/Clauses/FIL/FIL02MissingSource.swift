import Recording

enum FIL02MissingSource: Clause {
    enum Breach: String, BreachCode {
        case uploadAccepted = "upload-accepted"
        case remoteCreated = "remote-created"
        case downloadAccepted = "download-accepted"
        case partialFile = "partial-file"
    }

    static let id = "FIL-02"
    static let buildsOn = ["FIL-01"]
    static let probes: [any Probe.Type] = [FilesProbe.self]
    static let page = Page(
        requires: """
            upload_file of a file that is not here, and download_file of one that is not there, return False or raise, and leave nothing behind: no \
            file on the platform, no empty or partial one in the caller's folder, nor in the place of a file that stood there.
            """,
        why: "An empty file looks like a finished download to whatever opens it next, and hides that the real one is missing.",
        breach: "The target is opened for writing before the platform is asked, or the platform's error page is saved as the file.",
        mend: "Look at the status before opening the target; write to a temporary name, rename at the end, remove it on an error.",
        failing: """
            def download_file(self, remote_path, local_path):
                with open(local_path, "wb") as file:                      # an empty file, whatever comes
                    file.write(self._get(f"/v1/files/{quote(remote_path)}"))
                return True
            """,
        passing: """
            def download_file(self, remote_path, local_path):
                content = self._get(f"/v1/files/{quote(remote_path)}")    # raises where there is none
                with open(local_path, "wb") as file:
                    file.write(content)
                return True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(FilesProbe.self)
        let first = FilesProbe.kinds[0]
        let calls = ["upload \(first)"] + (recording.fact("download \(first)") == nil ? [] : ["download \(first)"])
        if let reason = try FileClauses.notApplicable(recording, calls, evidence.terms) { return .notApplicable(reason) }

        let upload = try recording.call("upload a missing file")
        if let failure = accepted(upload) { return .breached(.uploadAccepted, failure) }
        let download = try recording.call("download a missing file")
        if let failure = accepted(download) { return .breached(.downloadAccepted, failure) }
        let never = try recording.call("download what was not uploaded")
        if accepted(never) != nil {
            return .breached(
                .remoteCreated,
                Failure(
                    "upload_file of a missing file left one on the platform, which can be downloaded", expected: "no such file on the platform",
                    seen: never.outcome.phrase, facts: [upload.fact, never.fact]))
        }
        let left = try recording.look("left in the folder")
        if left.value.items?.isEmpty == false {
            return .breached(
                .partialFile,
                Failure(
                    "download_file of a missing file left a file behind", expected: "an empty folder", seen: "a file",
                    facts: [never.fact, download.fact, left.fact]))
        }
        let over = try recording.call("download a missing file over one")
        let existing = try recording.look("existing files")
        let kept = existing.value["kept"]
        if kept?["is_file"] == .bool(true), kept?["same"] != .bool(true) {
            return .breached(
                .partialFile,
                Failure(
                    "download_file of a missing file spoiled the file that stood in its place", expected: "the file as it was",
                    seen: "other bytes", facts: [over.fact, existing.fact]))
        }
        let witness = Witness(upload.fact, never.fact, download.fact, left.fact, over.fact, existing.fact)
        if kept?["is_file"] == .bool(false) {
            // No partial file is left, which is all that the clause asks for; the caller is told all the same.
            return .noted("download_file of a missing file removed the file that stood in its place", witness)
        }
        return .holds(witness)
    }

    /// Anything but False and an exception.
    private static func accepted(_ call: CallFact) -> Failure? {
        guard let value = call.value, value != .bool(false) else { return nil }
        return Failure(
            "\(call.call.method) of a file that does not exist returned \(value.phrase)", expected: "False or an exception",
            seen: value.phrase, facts: [call.fact])
    }
}
