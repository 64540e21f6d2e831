import Recording

enum FIL03PathsStayInside: Clause {
    enum Breach: String, BreachCode {
        case askedOutside = "asked-outside"
        case leftDownloadFolder = "left-download-folder"
    }

    static let id = "FIL-03"
    static let buildsOn = ["FIL-01"]
    static let probes: [any Probe.Type] = [PathEscapesProbe.self]
    static let page = Page(
        requires: """
            A remote path with `../` in it, at its beginning or later, does not leave the storage: no request asks for anything outside it, whatever the platform would say. \
            And a download into a folder puts no file beside or above that folder.
            """,
        why: "Remote names come from lists and other people's jobs. One that climbs could overwrite another user's file, or a file in the caller's home.",
        breach: "The remote path is put into the URL, or joined to a local folder, as it is.",
        mend: "Refuse a remote path with a `..` in it, or normalise it and look that it is still below the root, before asking anybody.",
        failing: """
            def download_file(self, remote_path, local_path):
                if os.path.isdir(local_path):
                    local_path = os.path.join(local_path, remote_path)      # '../../.bashrc'
                ...
            """,
        passing: """
            def download_file(self, remote_path, local_path):
                if ".." in remote_path.split("/"):
                    raise ValueError("a remote path must not climb")
                if os.path.isdir(local_path):
                    local_path = os.path.join(local_path, os.path.basename(remote_path))
                ...
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(PathEscapesProbe.self)
        let plain = try recording.call("upload a plain name")
        let calls = ["upload a plain name"] + (recording.fact("download a plain name") == nil ? [] : ["download a plain name"])
        if let reason = try FileClauses.notApplicable(recording, calls, evidence.terms) { return .notApplicable(reason) }

        let root = try root(recording, plain)
        var before = "requests before the climbs"
        for label in PathEscapesProbe.climbs {
            let call = try recording.call(label)
            let after = PathEscapesProbe.requests(after: label)
            defer { before = after }
            let name = fileName(call, call.call.method == Method.uploadFile.rawValue ? 1 : 0)
            let asked = try requests(recording, before, after).filter { RequestPath.decoded($0.path).contains(name) }
            // A query asks for nothing by its place: a list that is narrowed by a name climbs nowhere.
            if asked.contains(where: { RequestPath.leaves(root, RequestPath.decoded(RequestPath.withoutQuery($0.path))) }) {
                return .breached(
                    .askedOutside,
                    Failure(
                        "\(call.call.method) of a name with `../` asked the platform for something outside the storage",
                        expected: "a refusal, or a path inside it", seen: "a request that climbs", facts: [call.fact, try recording.requests(after).fact]))
            }
        }
        let files = try recording.look("all files")
        let climbed = try recording.call("download that climbs")
        let name = fileName(climbed, 0)
        let outside = (files.value.items ?? []).compactMap(\.string).filter {
            $0.contains(name) && !$0.hasPrefix("a/b/c/folder/") && !$0.hasPrefix("downloads/")
        }
        guard outside.isEmpty else {
            return .breached(
                .leftDownloadFolder,
                Failure(
                    "download_file of a name with `../` wrote outside the download folder", expected: "nothing outside it",
                    seen: "a file above it", facts: [climbed.fact, files.fact]))
        }
        return .holds(Witness(plain.fact, try recording.call("upload that climbs").fact, climbed.fact, files.fact))
    }

    /// Where the platform keeps files: the route under which the plain name was stored, which lists and looks around it do not tell.
    private static func root(_ recording: Recording, _ plain: CallFact) throws -> String {
        let name = fileName(plain, 1)
        let named = try requests(recording, "requests before", "requests after the plain name").filter {
            RequestPath.decoded(RequestPath.withoutQuery($0.path)).contains(name)
        }
        let stored = named.last { $0.method == "PUT" || $0.method == "POST" } ?? named.last
        return stored.map { RequestPath.route(RequestPath.decoded($0.path)) } ?? "/"
    }

    private static func requests(_ recording: Recording, _ before: String, _ after: String) throws -> ArraySlice<RequestSeen> {
        try recording.requests(after).requests.dropFirst(try recording.requests(before).requests.count)
    }

    /// The last part of the remote path that was given.
    private static func fileName(_ call: CallFact, _ place: Int) -> String {
        guard call.call.arguments.indices.contains(place), let path = call.call.arguments[place].value.string else { return "" }
        return path.split(separator: "/").last.map(String.init) ?? ""
    }
}

/// What a request's path asks for.
enum RequestPath {
    /// Percent signs and what they stand for; once, as a server does.
    static func decoded(_ path: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func withoutQuery(_ path: String) -> String { String(path.prefix { $0 != "?" }) }

    /// Its first two parts: `/v1/files/`.
    static func route(_ path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? "/\(parts[0])/\(parts[1])/" : "/"
    }

    /// Whether the path is neither `root`, with or without its slash, nor below it, or climbs out of it on its way.
    static func leaves(_ root: String, _ path: String) -> Bool {
        if path + "/" == root { return false }
        guard path.hasPrefix(root) else { return true }
        var depth = 0
        for part in path.dropFirst(root.count).split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}
