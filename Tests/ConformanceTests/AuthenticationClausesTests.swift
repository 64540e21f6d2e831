@testable import Conformance
import Recording
import Testing

@Suite struct AuthenticationClausesTests {
    /// A connector that does everything right, and what one change of its story makes of a clause.
    private func credentials(_ change: (inout HandMadeRecording) -> Void = { _ in }) -> Recording {
        var made = HandMadeRecording(CredentialsProbe.self)
        made.call("construct", .construct, .instance)
        made.call("authenticate", .authenticate, .returned(true))
        made.attribute("authenticated", "authenticated", true)
        for bad in ["invalid", "empty", "none"] {
            made.call("construct \(bad)", .construct, .instance, mustReturn: false)
            made.call("authenticate \(bad)", .authenticate, bad == "none" ? .refused : .returned(false), mustReturn: false)
            made.attribute("authenticated \(bad)", "authenticated", false)
        }
        made.attribute("repr", "repr()", "<acme.Acme>")
        made.add("credentials afterwards", .look("credentials_unchanged", .dict([Value.Pair("unchanged", true)])))
        made.guest()
        change(&made)
        return made.recording
    }

    private func before(_ change: (inout HandMadeRecording) -> Void = { _ in }) -> Recording {
        var made = HandMadeRecording(UnauthenticatedProbe.self)
        made.call("submit fresh", .submitJob, .returned("a"), mustReturn: false)
        made.add("job of fresh", .jobs([.made("fresh")]))
        made.add("jobs before", .jobs([.made("fresh")]))
        made.add("jobs after", .jobs([.made("fresh")]))
        made.call("submit", .submitJob, .returned("b"))
        made.add("job exists", .jobs([.made("fresh"), .made("main", status: "running")]))
        var main = JobTruth.made("main")
        main.standardOutput = "wtword\n"
        made.add("job ended", .jobs([.made("fresh"), main]))
        made.call("usage", .getResourceUsage, .returned(.dict([Value.Pair("jobs", 2)])), mustReturn: false)
        for bad in ["invalid", "empty", "none"] {
            made.call("construct \(bad)", .construct, .instance, mustReturn: false)
            made.call("submit \(bad)", .submitJob, .refused, mustReturn: false)
            made.add("jobs of \(bad)", .jobs([]))
            made.call("status \(bad)", .getJobStatus, .refused, mustReturn: false)
            made.call("list \(bad)", .listJobs, .refused, mustReturn: false)
            made.call("logs \(bad)", .getLogs, .refused, mustReturn: false)
            made.call("cancel \(bad)", .cancelJob, .refused, mustReturn: false)
            made.call("usage \(bad)", .getResourceUsage, .refused, mustReturn: false)
            made.call("upload \(bad)", .uploadFile, .raises("NotImplementedError"), mustReturn: false)
            made.add("files after upload \(bad)", .files([]))
        }
        made.add(UnauthenticatedProbe.credentials, .look("credentials_unchanged", .dict([Value.Pair("unchanged", true)])))
        made.guest()
        change(&made)
        return made.recording
    }

    @Test("AUTH-01 only True is True")
    func exactlyTrue() throws {
        let outcomes: [(Outcome, String)] = [
            (.returned(true), "holds"), (.returned(1), "not-true"), (.returned(.none), "not-true"), (.returned(false), "returned-false"),
            (.refused, "raised"), (.timedOut(stacks: ""), "stalled"),
        ]
        for (outcome, expected) in outcomes {
            #expect(try verdict(AUTH01ReturnsTrue.self, [credentials { $0.call("authenticate", .authenticate, outcome) }]) == expected)
        }
        let raising = credentials { $0.call("construct", .construct, .valueError) }
        #expect(try verdict(AUTH01ReturnsTrue.self, [raising]) == "constructor-raised")
        // What bad credentials give is not this clause's, a stall with them is.
        let stall = credentials { $0.call("authenticate empty", .authenticate, .timedOut(stacks: ""), mustReturn: false) }
        #expect(try verdict(AUTH01ReturnsTrue.self, [stall]) == "stalled")
    }

    @Test("AUTH-02 a refusal is False, CloudConnectionError, or a constructor's ValueError")
    func refusals() throws {
        #expect(try verdict(AUTH02RefusesBadCredentials.self, [credentials()]) == "holds")
        let keyError = Outcome.raises("KeyError", bases: ["LookupError"])
        let changes: [(String, Conformance.Method, Outcome, String)] = [
            ("authenticate invalid", .authenticate, .returned(true), "accepted-invalid"),
            ("authenticate empty", .authenticate, .returned(true), "accepted-missing"),
            ("authenticate none", .authenticate, .returned(.none), "wrong-return"),
            ("authenticate empty", .authenticate, keyError, "wrong-exception"),
            ("construct none", .construct, keyError, "constructor-raised"),
            ("construct none", .construct, .valueError, "holds"),
            ("construct none", .construct, .refused, "holds"),
        ]
        for (label, method, outcome, expected) in changes {
            let recording = credentials { $0.call(label, method, outcome, mustReturn: false) }
            #expect(try verdict(AUTH02RefusesBadCredentials.self, [recording]) == expected, "\(label)")
        }
        #expect(try verdict(AUTH02RefusesBadCredentials.self, [credentials { $0.remove("construct invalid") }]) == "noted")
    }

    @Test("AUTH-03 the attribute follows the outcome, whatever the outcome was")
    func mirrors() throws {
        #expect(try verdict(AUTH03MirrorsTheOutcome.self, [credentials()]) == "holds")
        #expect(try verdict(AUTH03MirrorsTheOutcome.self, [credentials { $0.attribute("authenticated", "authenticated", false) }]) == "not-set")
        #expect(try verdict(AUTH03MirrorsTheOutcome.self, [credentials { $0.attribute("authenticated", "authenticated", 1) }]) == "not-bool")
        let late = credentials { $0.attribute("authenticated none", "authenticated", true) }
        #expect(try verdict(AUTH03MirrorsTheOutcome.self, [late]) == "set-all-the-same")
        let fooled = credentials {
            $0.call("authenticate invalid", .authenticate, .returned(true), mustReturn: false)
            $0.attribute("authenticated invalid", "authenticated", true)
        }
        #expect(try verdict(AUTH03MirrorsTheOutcome.self, [fooled]) == "holds")
    }

    @Test("AUTH-04 before authentication: raise, or do it truly")
    func beforeAuthentication() throws {
        let none = Value.list([])
        let rows = Value.list([.dict([Value.Pair("job_id", "b")])])
        let stories: [(String, (inout HandMadeRecording) -> Void)] = [
            ("holds", { _ in }),
            ("holds", { $0.call("submit fresh", .submitJob, .refused, mustReturn: false) }),
            ("pretended", { $0.add("job of fresh", .jobs([])) }),
            ("pretended", { $0.call("submit none", .submitJob, .returned("c"), mustReturn: false) }),
            ("job-created", { $0.add("jobs of invalid", .jobs([.made("invalid")])) }),
            ("job-created", { $0.add("jobs after", .jobs([.made("fresh"), .made("wrapped")])) }),
            ("made-up-answer", { $0.call("status empty", .getJobStatus, .returned(Status.running.value), mustReturn: false) }),
            ("holds", { $0.call("status empty", .getJobStatus, .returned(Status.unknown.value), mustReturn: false) }),
            (
                "made-up-answer",
                {
                    $0.call("status none", .getJobStatus, .returned(Status.succeeded.value), mustReturn: false)
                    $0.add("job exists", .jobs([.made("fresh")]))
                    $0.remove("job ended")
                }
            ),
            ("made-up-answer", { $0.call("list invalid", .listJobs, .returned(none), mustReturn: false) }),
            ("holds", { $0.call("list invalid", .listJobs, .returned(rows), mustReturn: false) }),
            ("holds", { $0.call("construct none", .construct, .valueError, mustReturn: false) }),
            ("pretended", { $0.call("submit fresh", .submitJob, .returned(.none), mustReturn: false) }),
            ("pretended", { $0.call("submit none", .submitJob, .returned(.none), mustReturn: false) }),
            ("made-up-answer", { $0.call("logs empty", .getLogs, .returned(""), mustReturn: false) }),
            ("holds", { $0.call("logs empty", .getLogs, .returned("# job\nwtword"), mustReturn: false) }),
            ("made-up-answer", { $0.call("cancel none", .cancelJob, .returned(true), mustReturn: false) }),
            ("holds", { $0.call("cancel none", .cancelJob, .returned(false), mustReturn: false) }),
            ("made-up-answer", { $0.call("usage empty", .getResourceUsage, .returned(.dict([])), mustReturn: false) }),
            ("holds", { $0.call("usage empty", .getResourceUsage, .returned(.dict([Value.Pair("jobs", 0)])), mustReturn: false) }),
            (
                "holds",
                {
                    $0.call("usage", .getResourceUsage, .returned(.dict([])), mustReturn: false)
                    $0.call("usage empty", .getResourceUsage, .returned(.dict([])), mustReturn: false)
                }
            ),
            ("made-up-answer", { $0.call("upload invalid", .uploadFile, .returned(true), mustReturn: false) }),
            ("holds", { $0.call("upload invalid", .uploadFile, .returned(false), mustReturn: false) }),
            ("holds", { $0.call("result none", .getJobResult, .refused, mustReturn: false) }),
            ("made-up-answer", { $0.call("result none", .getJobResult, .result(.failed), mustReturn: false) }),
            ("made-up-answer", { $0.call("result none", .getJobResult, .result(.succeeded, output: "made up"), mustReturn: false) }),
            ("holds", { $0.call("result none", .getJobResult, .result(.succeeded, output: "wtword\n"), mustReturn: false) }),
            ("holds", { $0.call("result none", .getJobResult, .result(.unknown), mustReturn: false) }),
            ("made-up-answer", { $0.call("result none", .getJobResult, .returned(.none), mustReturn: false) }),
        ]
        for (expected, change) in stories {
            #expect(try verdict(AUTH04NothingBeforeAuthentication.self, [before(change)]) == expected)
        }
    }

    @Test("AUTH-05 the error before authentication is a CloudException")
    func errorsBefore() throws {
        #expect(try verdict(AUTH05ErrorIsCloudException.self, [before()]) == "holds")
        let bare = before { $0.call("submit fresh", .submitJob, .raises("Exception"), mustReturn: false) }
        #expect(try verdict(AUTH05ErrorIsCloudException.self, [bare]) == "bare-exception")
        let other = before { $0.call("list none", .listJobs, .raises("KeyError"), mustReturn: false) }
        #expect(try verdict(AUTH05ErrorIsCloudException.self, [other]) == "other-exception")
        let upload = before { $0.call("upload none", .uploadFile, .raises("AttributeError"), mustReturn: false) }
        #expect(try verdict(AUTH05ErrorIsCloudException.self, [upload]) == "other-exception")
    }

    @Test("AUTH-06 a secret is found wherever it slipped")
    func secrets() throws {
        let marker = Redaction.marker
        let changes: [(String, (inout HandMadeRecording) -> Void)] = [
            ("holds", { _ in }),
            ("in-error", { $0.call("x", .getLogs, .raises("E", message: "with \(marker)"), mustReturn: false) }),
            ("in-error", { $0.call("x", .getLogs, .raises("E", traceback: "E: \(marker)"), mustReturn: false) }),
            ("in-log", { $0.guest(log: ["fine", "DEBUG \(marker)"]) }),
            ("printed", { $0.guest(printed: marker) }),
            ("in-repr", { $0.attribute("repr", "repr()", .string("Acme(key=\(marker))")) }),
            ("credentials-changed", { $0.call("construct", .construct, .instance, changed: ["credentials"]) }),
            (
                "credentials-changed",
                { $0.add("credentials afterwards", .look("credentials_unchanged", .dict([Value.Pair("unchanged", false)]))) }
            ),
        ]
        for (expected, change) in changes {
            #expect(try verdict(AUTH06KeepsSecrets.self, [credentials(change), before()]) == expected)
        }
        let later = before { $0.add(UnauthenticatedProbe.credentials, .look("credentials_unchanged", .dict([Value.Pair("unchanged", false)]))) }
        #expect(try verdict(AUTH06KeepsSecrets.self, [credentials(), later]) == "credentials-changed-later")
    }
}
