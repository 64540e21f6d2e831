@testable import Conformance
import Recording
import Testing

@Suite struct OptionalAndPackageClausesTests {
    /// All five methods off, then one changed: its outcome, and whether the platform was asked.
    private func optional(_ changed: Conformance.Method? = nil, _ outcome: Outcome = .returned(.none), asks: Bool = false) -> Recording {
        var made = HandMadeRecording(OptionalMethodsProbe.self)
        made.inspection(ownNeural: false)
        var requests: [RequestSeen] = []
        made.add("requests before", .requests(requests))
        for method in OptionalMethodsProbe.methods {
            let off = Outcome.raises("NotImplementedError", bases: ["RuntimeError"])
            made.call(method.rawValue, method, method == changed ? outcome : off, mustReturn: false)
            if method == changed, asks { requests.append(RequestSeen(method: "GET", path: "/", status: 404, at: 0)) }
            made.add("requests after \(method.rawValue)", .requests(requests))
        }
        return made.recording
    }

    @Test("DEP-01 not supported is NotImplementedError, and nothing else is taken for it")
    func unsupported() throws {
        let clause = DEP01UnsupportedIsNotImplemented.self
        #expect(try verdict(clause, [optional()]) == "holds")
        #expect(try verdict(clause, [optional(.deployModel, .returned(.none))]) == "returned-none")
        #expect(try verdict(clause, [optional(.uploadFile, .raises("AttributeError"))]) == "wrong-exception")
        #expect(try verdict(clause, [optional(.getResourceUsage, .raises("Exception"))]) == "wrong-exception")
        for (type, repr, expected) in [
            ("NotImplementedType", "NotImplemented", "returned-not-implemented"), ("NotImplementedError", "NotImplementedError()", "returned-not-implemented"),
            ("type", "<class 'NotImplementedError'>", "returned-not-implemented"), ("acme.Answer", "<answer>", "holds"),
        ] {
            #expect(try verdict(clause, [optional(.deployModel, .returned(.other(type: type, repr: repr)))]) == expected)
        }
        #expect(try verdict(clause, [optional(.downloadFile, .timedOut(stacks: ""))]) == "stalled")
        // A method that the platform does offer may refuse a file or a name in its own words.
        #expect(try verdict(clause, [optional(.uploadFile, .raises("FileNotFoundError", bases: ["OSError"]))]) == "holds")
        #expect(try verdict(clause, [optional(.deleteEndpoint, .returned(false))]) == "holds")
        #expect(try verdict(clause, [optional(.deleteEndpoint, .raises("acme.NotFound"), asks: true)]) == "holds")
    }

    @Test("DEP-01 declared off but working is noted")
    func declaredOff() throws {
        let clause = DEP01UnsupportedIsNotImplemented.self
        let terms = Terms(off: [.resourceUsage: "not needed"])
        #expect(try verdict(clause, [optional(.getResourceUsage, .returned(.dict([])))], terms) == "noted")
        #expect(try verdict(clause, [optional()], terms) == "holds")
    }

    /// What the looks find of a good package, with one case changed.
    private func package(own: Bool = true, _ name: String? = nil, _ found: [(String, Value)] = []) -> Recording {
        let lineage = ["CloudException", "Exception"].map { Value.string($0) }
        let classes = ["CloudException", "CloudConnectionError", "CloudExecutionError", "FileOperationError"]
        var hierarchy = classes.map { Value.Pair(.string($0), .list(lineage)) }
        if name == "hierarchy" { hierarchy = hierarchy.map { pair in Value.Pair(pair.key, found.first { .string($0.0) == pair.key }?.1 ?? pair.value) } }
        var made = HandMadeRecording(NeuralPackageProbe.self)
        made.inspection(ownNeural: own, [Value.Field("exception_hierarchy", .dict(hierarchy))])
        var cases: [Value.Pair] = ["fresh", "over_0644", "default", "tilde", "again"].map { one in
            var fields: [(String, Value)] = [
                ("raised", .none), ("path", true), ("mode", 0o600), ("widest", 0o600), ("loaded", true),
            ]
            if one == name { fields = fields.map { field in (field.0, found.first { $0.0 == field.0 }?.1 ?? field.1) } }
            return Value.Pair(.string(one), .dict(fields.map { Value.Pair(.string($0.0), $0.1) }))
        }
        for one in ["missing", "missing_default", "corrupt", "empty", "not_utf8"] {
            cases.append(Value.Pair(.string(one), name == one ? found[0].1 : .list(["FileOperationError", "Exception"])))
        }
        made.add("credentials file", .look("credentials_file", .dict(cases)))
        return made.recording
    }

    @Test("ERR-02 and CRD judge an own package, each breach by its code")
    func ownPackage() throws {
        #expect(try verdict(ERR02ExceptionHierarchy.self, [package()]) == "holds")
        #expect(try verdict(ERR02ExceptionHierarchy.self, [package("hierarchy", [("FileOperationError", .none)])]) == "missing")
        #expect(
            try verdict(ERR02ExceptionHierarchy.self, [package("hierarchy", [("CloudExecutionError", .list(["RuntimeError"]))])])
                == "not-derived")

        #expect(try verdict(CRD01FileModeIs0600.self, [package()]) == "holds")
        #expect(try verdict(CRD01FileModeIs0600.self, [package("default", [("mode", 0o644)])]) == "wrong-mode")
        #expect(try verdict(CRD01FileModeIs0600.self, [package("fresh", [("mode", .none), ("path", false)])]) == "not-saved")

        #expect(try verdict(CRD02LoadsWhatWasSaved.self, [package()]) == "holds")
        #expect(try verdict(CRD02LoadsWhatWasSaved.self, [package("fresh", [("loaded", false)])]) == "not-equal")
        #expect(try verdict(CRD02LoadsWhatWasSaved.self, [package("again", [("loaded", false)])]) == "not-replaced")
        #expect(try verdict(CRD02LoadsWhatWasSaved.self, [package("default", [("loaded", false), ("raised", "OSError")])]) == "raised")

        #expect(try verdict(CRD03NeverWiderThan0600.self, [package()]) == "holds")
        #expect(try verdict(CRD03NeverWiderThan0600.self, [package("fresh", [("widest", 0o640)])]) == "wide-for-an-instant")
        #expect(try verdict(CRD03NeverWiderThan0600.self, [package("over_0644", [("mode", 0o644)])]) == "existing-file-wide")
        #expect(try verdict(CRD03NeverWiderThan0600.self, [package("fresh", [("widest", 0o400)])]) == "holds")

        #expect(try verdict(CRD04TildeAndBadFiles.self, [package()]) == "holds")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("tilde", [("path", false)])]) == "tilde-not-expanded")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("missing", [("", .none)])]) == "missing-file")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("corrupt", [("", .list(["ValueError"]))])]) == "corrupt-file")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("missing_default", [("", .none)])]) == "missing-default-file")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("empty", [("", .list(["IndexError"]))])]) == "empty-file")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("empty", [("", .none)])]) == "holds")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("not_utf8", [("", .list(["UnicodeDecodeError"]))])]) == "not-utf-8")
        #expect(try verdict(CRD04TildeAndBadFiles.self, [package("not_utf8", [("", .none)])]) == "holds")
    }

    @Test("ERR-02 and CRD do not apply to the harness's own package")
    func harnesssPackage() throws {
        let recordings = [package(own: false, "fresh", [("mode", 0o644), ("loaded", false)])]
        #expect(try verdict(ERR02ExceptionHierarchy.self, recordings) == "not applicable")
        #expect(try verdict(CRD01FileModeIs0600.self, recordings) == "not applicable")
        #expect(try verdict(CRD02LoadsWhatWasSaved.self, recordings) == "not applicable")
        #expect(try verdict(CRD03NeverWiderThan0600.self, recordings) == "not applicable")
        #expect(try verdict(CRD04TildeAndBadFiles.self, recordings) == "not applicable")
    }
}
