@testable import Conformance
import Recording
import Testing

@Suite struct FileAndUsageClausesTests {
    private static let unsupported = Outcome.raises("NotImplementedError", bases: ["RuntimeError"])

    /// Every file goes up and comes down; nothing is left of the missing ones. Then one step is changed.
    private func files(
        _ changed: [String: Outcome] = [:], same: [String: Bool] = [:], left: [Value] = [], stored: [String] = ["one.bin"],
        kept: (isFile: Bool, same: Bool) = (true, true)
    ) -> Recording {
        var made = HandMadeRecording(FilesProbe.self)
        func call(_ label: String, _ method: Conformance.Method, _ usual: Outcome) {
            made.call(label, method, changed[label] ?? usual, mustReturn: false)
        }
        for kind in FilesProbe.kinds {
            call("upload \(kind)", .uploadFile, .returned(true))
            call("download \(kind)", .downloadFile, .returned(true))
        }
        made.add("files on the platform", .files(stored))
        made.add("jobs on the platform", .jobs([]))
        for label in ["upload into a folder", "upload into another folder"] { call(label, .uploadFile, .returned(true)) }
        for label in ["download out of a folder", "download over a file"] { call(label, .downloadFile, .returned(true)) }
        call("upload under a taken name", .uploadFile, .returned(true))
        call("download what went up last", .downloadFile, .returned(true))
        let found = (FilesProbe.kinds + ["out of a folder", "over a file", "uploaded again"]).map { kind in
            Value.Pair(
                .string(kind), .dict([Value.Pair("is_file", true), Value.Pair("same", .bool(same[kind] ?? true))]))
        }
        made.add("downloads", .look("file_area", .dict(found)))
        call("upload a missing file", .uploadFile, .returned(false))
        call("download what was not uploaded", .downloadFile, .cloudException)
        call("download a missing file", .downloadFile, .raises("FileNotFoundError", bases: ["OSError"]))
        call("download a missing file over one", .downloadFile, .returned(false))
        made.add("left in the folder", .look("file_area", .list(left)))
        let state = [Value.Pair("is_file", .bool(kept.isFile)), Value.Pair("same", .bool(kept.same))]
        made.add("existing files", .look("file_area", .dict([Value.Pair("kept", .dict(state))])))
        return made.recording
    }

    @Test("FIL-01 the bytes come back, each breach by its code")
    func bytes() throws {
        let clause = FIL01BytesSurvive.self
        #expect(try verdict(clause, [files()]) == "holds")
        // What counts as true to a caller is no harm.
        #expect(try verdict(clause, [files(["upload empty": .returned("bucket/empty.bin")])]) == "holds")
        #expect(try verdict(clause, [files(["upload empty": .returned(.none)])]) == "returned-none")
        #expect(try verdict(clause, [files(["download 16 MiB": .returned(false)])]) == "returned-false")
        #expect(try verdict(clause, [files(["upload unicode name": .raises("UnicodeEncodeError")])]) == "raised")
        #expect(try verdict(clause, [files(["download binary": .timedOut(stacks: "")])]) == "stalled")
        #expect(try verdict(clause, [files(same: ["binary": false])]) == "not-identical")
        #expect(try verdict(clause, [files(stored: [])]) == "not-stored")
        #expect(try verdict(clause, [files(same: ["out of a folder": false])]) == "other-file")
        #expect(try verdict(clause, [files(same: ["over a file": false])]) == "not-replaced")
        let notImplemented = Outcome.returned(.other(type: "NotImplementedType", repr: "NotImplemented"))
        let saying = try words(clause, [files(["upload binary": notImplemented], stored: [])])
        #expect(saying == "upload_file returned a value of type NotImplementedType, and the platform has no file: none")
        #expect(try words(clause, [files(stored: [])]) == "upload_file said True, and the platform has no file: none")
        #expect(try verdict(clause, [files(same: ["uploaded again": false])]) == "older-file")
        for refusal in [Outcome.returned(false), .raises("FileExistsError", bases: ["OSError"])] {
            #expect(try verdict(clause, [files(["upload under a taken name": refusal], same: ["uploaded again": false])]) == "holds")
        }
        // Who refuses folders, or files that stand there, says so.
        #expect(try verdict(clause, [files(["upload into another folder": .valueError], same: ["out of a folder": false])]) == "holds")
        #expect(try verdict(clause, [files(["download over a file": .returned(false)], same: ["over a file": false])]) == "holds")
        #expect(try verdict(clause, [files(["upload empty": Self.unsupported])]) == "not applicable")
        #expect(try verdict(clause, [files(["download empty": Self.unsupported])]) == "not applicable")
        #expect(try verdict(clause, [files()], Terms(off: [.downloadFile: "no storage"])) == "not applicable")
    }

    @Test("FIL-02 a missing source is False or an exception, and leaves nothing")
    func missing() throws {
        let clause = FIL02MissingSource.self
        #expect(try verdict(clause, [files()]) == "holds")
        #expect(try verdict(clause, [files(["upload a missing file": .raises("FileNotFoundError")])]) == "holds")
        #expect(try verdict(clause, [files(["upload a missing file": .returned(true)])]) == "upload-accepted")
        #expect(try verdict(clause, [files(["download a missing file": .returned(.none)])]) == "download-accepted")
        #expect(try verdict(clause, [files(["download what was not uploaded": .returned(true)])]) == "remote-created")
        #expect(try verdict(clause, [files(left: ["second.bin"])]) == "partial-file")
        #expect(try verdict(clause, [files(kept: (true, false))]) == "partial-file")
        #expect(try verdict(clause, [files(kept: (false, false))]) == "noted")
    }

    /// The paths of the requests that a climbing upload and download make, and where files are afterwards.
    private func escapes(
        upload: [String] = [], download: [String] = [], files: [String] = ["uploads/one.bin"],
        plain: String = "/v1/files/wtplain.bin", lookedUp: [String] = [], only asking: String? = nil
    ) -> Recording {
        var made = HandMadeRecording(PathEscapesProbe.self)
        var seen: [RequestSeen] = []
        func requests(_ label: String, _ paths: [String], _ method: String = "PUT") {
            seen += paths.map { RequestSeen(method: method, path: $0, status: 200, at: 0) }
            made.add(label, .requests(seen))
        }
        func call(_ label: String, _ method: Conformance.Method, _ paths: [Value], _ outcome: Outcome = .returned(true)) {
            let arguments = paths.map { Call.Argument("path", $0, positional: true) }
            made.add(
                label,
                .call(
                    Call(instance: "main", method: method.rawValue, arguments: arguments, outcome: outcome, mustReturn: false, endedAt: 0)))
        }
        requests("requests before", [])
        call("upload a plain name", .uploadFile, ["one.bin", "wtplain.bin"])
        requests("stored", [plain])
        requests("requests after the plain name", lookedUp, "GET")
        call("download a plain name", .downloadFile, ["wtplain.bin", "plain.bin"])
        requests("requests before the climbs", [])
        for label in PathEscapesProbe.climbs {
            let climb = label.contains("winds") ? "x/../../" : "../../../"
            if label.hasPrefix("upload") {
                call(label, .uploadFile, ["one.bin", .string("\(climb)wtclimb.bin")], .valueError)
            } else {
                call(label, .downloadFile, [.string("\(climb)wtplain.bin"), "folder"], .valueError)
            }
            let asked = label == asking ?? label ? (label.hasPrefix("upload") ? upload : download) : []
            requests(PathEscapesProbe.requests(after: label), asked)
        }
        made.add("all files", .look("file_area", .list(files.map { .string($0) })))
        return made.recording
    }

    @Test("FIL-03 what a connector asks for stays in the storage, and what it writes in the folder")
    func escapes() throws {
        let clause = FIL03PathsStayInside.self
        #expect(try verdict(clause, [escapes()]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/wtclimb.bin"])]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/a/b/c/../../../wtclimb.bin"])]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/wtclimb.bin"], plain: "/v1/files/mine/wtplain.bin")]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/wtclimb.bin"], lookedUp: ["/v1/index/of/wtplain.bin"])]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/../../../wtclimb.bin"])]) == "asked-outside")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/..%2F..%2F..%2Fwtclimb.bin"])]) == "asked-outside")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files/%2e%2e/wtclimb.bin"])]) == "asked-outside")
        // A list that is narrowed by the name is of the storage.
        #expect(try verdict(clause, [escapes(download: ["/v1/files?prefix=wtplain.bin", "/v1/files/wtplain.bin"])]) == "holds")
        #expect(try verdict(clause, [escapes(upload: ["/v1/files?prefix=../../../wtclimb.bin"])]) == "holds")
        #expect(try verdict(clause, [escapes(download: ["/v1/files/../wtplain.bin?size=1"])]) == "asked-outside")
        let winding = escapes(upload: ["/v1/files/x/../../wtclimb.bin"], only: "upload that winds up")
        #expect(try verdict(clause, [winding]) == "asked-outside")
        let toFile = escapes(download: ["/v1/files/../../../wtplain.bin"], only: "download to a file")
        #expect(try verdict(clause, [toFile]) == "asked-outside")
        // The HTTP library took the dots for the URL's own.
        #expect(try verdict(clause, [escapes(upload: ["/wtclimb.bin"])]) == "asked-outside")
        #expect(try verdict(clause, [escapes(download: ["/v1/files/../wtplain.bin"])]) == "asked-outside")
        #expect(try verdict(clause, [escapes(download: ["/v1/files/wtplain.bin"], files: ["a/wtplain.bin"])]) == "left-download-folder")
        #expect(try verdict(clause, [escapes(files: ["a/b/c/folder/wtplain.bin", "downloads/wtplain.bin"])]) == "holds")
    }

    @Test("USE-01 a dict that json.dumps takes, with str keys")
    func usage() throws {
        func usage(_ outcome: Outcome) throws -> String {
            var made = HandMadeRecording(ResourceUsageProbe.self)
            made.call("usage", .getResourceUsage, outcome, mustReturn: false)
            return try verdict(USE01JSONableDict.self, [made.recording])
        }
        func dict(_ value: Value) -> Outcome { .returned(.dict([Value.Pair("jobs", value)])) }
        #expect(try usage(.returned(.dict([]))) == "holds")
        #expect(try usage(dict(.list([1, .double(0.5), .none, .tuple([true])]))) == "holds")
        #expect(try usage(dict(.dict([Value.Pair(1, 2)]))) == "holds")
        #expect(try usage(.returned(.dict([Value.Pair(1, 2)]))) == "key-not-str")
        #expect(try usage(dict(.list([.other(type: "datetime.datetime", repr: "")]))) == "not-json")
        #expect(try usage(dict(.bytes([1]))) == "not-json")
        #expect(try usage(.returned(.none)) == "returned-none")
        #expect(try usage(.returned(.list([]))) == "not-dict")
        #expect(try usage(.raises("KeyError")) == "raised")
        #expect(try usage(Self.unsupported) == "not applicable")
        // Deeper than is recorded, and judged at once: json.dumps takes it, or not.
        let deep = (0..<60).reduce(Value.other(type: "dict", repr: "<left out>")) { inner, _ in .dict([Value.Pair("a", inner)]) }
        #expect(try usage(.returned(deep)) == "holds")
        let deepAlien = (0..<60).reduce(Value.bytes([1])) { inner, depth in depth % 2 == 0 ? .list([1, inner]) : .dict([Value.Pair("a", inner)]) }
        #expect(try usage(dict(deepAlien)) == "not-json")
        // A member that json.dumps takes is of a class that is a str too.
        for (found, expected) in [(Value.bool(true), "holds"), ("TypeError: no", "json-refused"), (.none, "holds")] {
            var made = HandMadeRecording(ResourceUsageProbe.self)
            made.call("usage", .getResourceUsage, dict(Status.running.value), mustReturn: false)
            made.add("usage as JSON", .look("usage_as_json", found))
            #expect(try verdict(USE01JSONableDict.self, [made.recording]) == expected)
        }
        #expect(try usage(.raises("AttributeError", message: "'Acme' object has no attribute 'get_resource_usage'")) == "not applicable")
    }
}
