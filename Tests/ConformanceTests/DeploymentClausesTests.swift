@testable import Conformance
import Recording
import Testing

@Suite struct DeploymentClausesTests {
    /// A model is deployed under a name, deleted, deleted again; a missing one is refused. What is given replaces a step.
    private struct Deployment {
        var deploy = Outcome.returned("model-1")
        var endpoints = ["model-1"]
        var post: Int??
        var holdsWord: Bool?
        var delete = Outcome.returned(true)
        var afterDelete: [String] = []
        var postAfterDelete: Int??
        var again = Outcome.returned(false)
        var missing = Outcome.cloudException
        var afterMissing: [String] = []

        var recording: Recording {
            var made = HandMadeRecording(DeployedModelProbe.self)
            made.call("deploy a folder", .deployModel, deploy, mustReturn: false)
            made.add("endpoints after deploy_model", .endpoints(endpoints))
            made.add("jobs after deploy_model", .jobs([]))
            if let post { made.add("post", .posted(url: "{endpoint}", status: post, holdsWord: holdsWord)) }
            made.add(
                "delete",
                .call(
                    Call(
                        instance: "main", method: "delete_endpoint",
                        arguments: [Call.Argument("endpoint_name", "model-1", positional: true)], outcome: delete, mustReturn: false, endedAt: 0)))
            made.add("endpoints after delete_endpoint", .endpoints(afterDelete))
            if let postAfterDelete { made.add("post after delete_endpoint", .posted(url: "{endpoint}", status: postAfterDelete)) }
            made.call("delete again", .deleteEndpoint, again, mustReturn: false)
            made.add("endpoints before the missing model", .endpoints([]))
            made.call("deploy a missing model", .deployModel, missing, mustReturn: false)
            made.add("endpoints after the missing model", .endpoints(afterMissing))
            return made.recording
        }
    }

    private static let unsupported = Outcome.raises("NotImplementedError", bases: ["RuntimeError"])

    @Test("DEP-02 a model is deployed, and its URL serves")
    func deploy() throws {
        func found(_ deployment: Deployment) throws -> String { try verdict(DEP02ModelIsDeployed.self, [deployment.recording]) }
        #expect(try found(Deployment()) == "holds")
        #expect(try found(Deployment(deploy: .returned("http://x/"), endpoints: [], post: 204)) == "holds")
        #expect(try found(Deployment(deploy: .returned("http://x/"), post: 404)) == "url-does-not-answer")
        #expect(try found(Deployment(deploy: .returned("https://api.acme.com/x"), post: .some(nil))) == "url-does-not-answer")
        #expect(try found(Deployment(deploy: .returned("http://x/"), post: 200, holdsWord: true)) == "holds")
        #expect(try found(Deployment(deploy: .returned("http://x/"), post: 200, holdsWord: false)) == "other-model")
        // A model may be asked and answer later.
        #expect(try found(Deployment(deploy: .returned("http://x/"), post: 202, holdsWord: false)) == "holds")
        #expect(try found(Deployment(endpoints: [])) == "not-deployed")
        #expect(try found(Deployment(deploy: .returned(.none))) == "returned-none")
        #expect(try found(Deployment(deploy: .returned(""))) == "not-str")
        #expect(try found(Deployment(deploy: .returned(.dict([])))) == "not-str")
        #expect(try found(Deployment(deploy: .cloudException)) == "raised")
        #expect(try found(Deployment(deploy: .timedOut(stacks: ""))) == "stalled")
        #expect(try found(Deployment(deploy: Self.unsupported)) == "not applicable")
    }

    @Test("DEP-03 True and gone, then False or CloudException")
    func delete() throws {
        func found(_ deployment: Deployment) throws -> String { try verdict(DEP03EndpointIsGone.self, [deployment.recording]) }
        #expect(try found(Deployment()) == "holds")
        #expect(try found(Deployment(again: .cloudException)) == "holds")
        #expect(try found(Deployment(afterDelete: ["other"])) == "holds")
        #expect(try found(Deployment(postAfterDelete: .some(nil))) == "holds")
        #expect(try found(Deployment(delete: .returned(.none))) == "not-true")
        #expect(try found(Deployment(delete: .raises("KeyError"))) == "raised")
        #expect(try found(Deployment(afterDelete: ["model-1"])) == "still-there")
        #expect(try found(Deployment(postAfterDelete: 200)) == "still-there")
        #expect(try found(Deployment(again: .returned(true))) == "second-not-false")
        #expect(try found(Deployment(again: .raises("KeyError"))) == "second-wrong-exception")
        #expect(try found(Deployment(delete: Self.unsupported)) == "not applicable")
        #expect(try found(Deployment(deploy: Self.unsupported)) == "not applicable")
    }

    @Test("DEP-04 a missing model is an error, and no endpoint is left")
    func missing() throws {
        func found(_ deployment: Deployment) throws -> String { try verdict(DEP04MissingModelIsAnError.self, [deployment.recording]) }
        #expect(try found(Deployment()) == "holds")
        #expect(try found(Deployment(missing: .raises("FileNotFoundError"))) == "holds")
        #expect(try found(Deployment(missing: .returned("model-2"))) == "accepted")
        #expect(try found(Deployment(missing: .returned(.none))) == "returned-none")
        #expect(try found(Deployment(afterMissing: ["model-2"])) == "endpoint-left")
    }
}
