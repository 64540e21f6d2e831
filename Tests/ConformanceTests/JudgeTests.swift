import Recording
import Testing

@testable import Conformance

@Suite("The judge")
struct JudgeTests {
    private func result(_ id: String, _ recordings: Recording...) -> ClauseResult? {
        Judge(recordings: recordings, terms: Terms(), selection: Selection(only: [id])).results().first { $0.id == id }
    }

    private func stopped(_ probe: any Probe.Type, _ method: Conformance.Method, _ outcome: Outcome) -> Recording {
        var story = HandMadeRecording(probe)
        story.call("it", method, outcome)
        story.add("stopped", .stopped(reason: "it went no further", by: "it"))
        return story.recording
    }

    @Test("What the connector itself did to stop a probe blocks a clause, also where the clause about it was not run")
    func culprit() {
        let construction = result("SUB-01", stopped(FirstJobProbe.self, .construct, .raises("RuntimeError")))
        #expect(construction?.verdict == .notTestable && construction?.blockedBy == "AUTH-01")
        let submission = result("SUB-02", stopped(SameNameProbe.self, .submitJob, .returned(.none)))
        #expect(submission?.verdict == .notTestable && submission?.blockedBy == "SUB-01")
    }

    @Test("A clause that was run and holds blocks nothing")
    func innocent() {
        var first = JobTale(FirstJobProbe.self)
        first.submit("submit")
        first.ask("result", .getJobResult, .result(.succeeded))
        var other = HandMadeRecording(EarlyResultProbe.self)
        other.call("it", .getJobResult, .raises("KeyError"), mustReturn: false)
        other.add("stopped", .stopped(reason: "it went no further", by: "it"))
        #expect(result("RES-07", first.recording, other.recording)?.blockedBy == nil)
    }

    @Test("A result that cannot be read any more in a look breaks the clause that looks, and is blocked by none")
    func look() {
        var tale = JobTale(EndedJobsProbe.self)
        for outcome in EndedJobsProbe.outcomes {
            tale.ask("result of \(outcome)", .getJobResult, .result(.succeeded))
            tale.ask("second result of \(outcome)", .getJobResult, .result(.succeeded))
        }
        tale.step("sharing (cut short)", .look("result_sharing", .none))
        tale.step("stopped", .stopped(reason: "the look result_sharing raised CloudException", by: "sharing (cut short)"))
        var unknown = JobTale(UnknownIDProbe.self)
        unknown.ask("result of unknown", .getJobResult, .raises("ValueError"))
        #expect(result("RES-08", unknown.recording, tale.recording)?.breach == "RES-08/expires")
    }

    @Test("A platform that never came to the point without any doing of the connector's is an error of the harness")
    func platform() {
        var story = HandMadeRecording(CancelPendingProbe.self)
        story.call("submit", .submitJob, .returned("job-1"), code: "print(1)")
        story.add("job waits", .jobs([JobTruth(.pending, started: false)]))
        story.add("stopped", .stopped(reason: "the platform stood still", by: "job waits"))
        #expect(result("CAN-05", story.recording)?.verdict == .errored)
    }

    @Test("An id without a job on the platform is no error of the harness")
    func noJob() {
        var story = HandMadeRecording(CancelPendingProbe.self)
        story.call("submit", .submitJob, .returned("job-1"), code: "print(1)")
        story.add("job waits", .jobs([]))
        story.add("stopped", .stopped(reason: "the platform has no job", by: "job waits"))
        let result = result("CAN-05", story.recording)
        #expect(result?.verdict == .notTestable && result?.blockedBy == "SUB-05")
    }

    @Test("A fault of the harness in a clause's recording is never a pass or a failure of the connector")
    func fault() {
        var recording = Story(FirstJobProbe.self).recording
        recording.fault = "the platform ended a job by itself (node_lost)"
        #expect(result("SUB-01", recording)?.verdict == .errored)
    }
}
