@testable import Conformance
import Recording
import Testing

@Suite struct ConfigurationClausesTests {
    private func story(_ change: (inout HandMadeRecording) -> Void = { _ in }) -> Recording {
        var made = HandMadeRecording(ResourceConfigProbe.self)
        for (index, how) in ["without resource_config", "with None"].enumerated() {
            made.add("jobs before \(how)", .jobs(Array(repeating: .made("plain"), count: index)))
            made.call("submit \(how)", .submitJob, .returned("a"), mustReturn: false)
            made.add("job \(how)", .jobs(Array(repeating: .made("plain", status: "running"), count: index + 1)))
            made.add("job \(how) at its end", .jobs(Array(repeating: .made("plain"), count: index + 1)))
        }
        made.call("submit with too many GPUs", .submitJob, .valueError, mustReturn: false)
        made.add("jobs with too many GPUs", .jobs([]))
        made.call("submit with the most GPUs", .submitJob, .returned("b"), mustReturn: false)
        made.add("jobs before the bad ones", .jobs([.made("plain")]))
        for bad in BadResources.all { made.call(bad.label, .submitJob, .valueError, code: bad.phrase, mustReturn: false) }
        made.add("jobs after the bad ones", .jobs([.made("plain")]))
        for label in ["right sizes", "gpu_enabled True and gpu_count 0", "everything", "dependencies"] {
            made.call("submit with \(label)", .submitJob, .returned("c"), mustReturn: false)
        }
        change(&made)
        return made.recording
    }

    private func package(own: Bool, _ defaults: [(String, Value)] = [], shared: Bool = false) -> Recording {
        var fields: [(String, Value)] = [
            ("gpu_enabled", false), ("gpu_count", 0), ("memory_gb", .none), ("cpu_count", .none), ("disk_size_gb", .none),
            ("max_runtime_hours", .none), ("auto_shutdown", true), ("custom_params", .dict([])),
        ]
        for (name, value) in defaults { fields = fields.map { $0.0 == name ? (name, value) : $0 } }
        let config = Value.dict(fields.map { Value.Pair(.string($0.0), $0.1) })
        var made = HandMadeRecording(NeuralPackageProbe.self)
        made.inspection(
            ownNeural: own,
            [
                Value.Field("resource_defaults", .dict([Value.Pair("ResourceConfig", config)])),
                Value.Field("default_sharing", .dict([Value.Pair("custom_params", .bool(shared))])),
            ])
        return made.recording
    }

    @Test("CFG-01 a job runs without a configuration and with None")
    func none() throws {
        let stories: [(String, (inout HandMadeRecording) -> Void)] = [
            ("holds", { _ in }),
            ("raised", { $0.call("submit with None", .submitJob, .raises("AttributeError"), mustReturn: false) }),
            ("job-failed", { $0.add("job with None at its end", .jobs([.made("plain"), .made("plain", status: "failed")])) }),
            (
                "no-job",
                {
                    $0.add("job with None", .jobs([.made("plain")]))
                    $0.remove("job with None at its end")
                }
            ),
        ]
        for (expected, change) in stories { #expect(try verdict(CFG01NoneWorks.self, [story(change)]) == expected) }
    }

    @Test("CFG-02 only ValueError without a job counts, and only where the limit itself is taken")
    func gpuLimit() throws {
        let stories: [(String, (inout HandMadeRecording) -> Void)] = [
            ("holds", { _ in }),
            ("holds", { $0.call("submit with too many GPUs", .submitJob, .raises("acme.Bad", bases: ["ValueError"]), mustReturn: false) }),
            ("accepted", { $0.call("submit with too many GPUs", .submitJob, .returned("x"), mustReturn: false) }),
            ("wrong-exception", { $0.call("submit with too many GPUs", .submitJob, .refused, mustReturn: false) }),
            ("job-created", { $0.add("jobs with too many GPUs", .jobs([.made("gpus")])) }),
            ("near-miss-refused", { $0.call("submit with the most GPUs", .submitJob, .valueError, mustReturn: false) }),
        ]
        for (expected, change) in stories { #expect(try verdict(CFG02GPULimit.self, [story(change)]) == expected) }
    }

    @Test("CFG-03 the caller's objects are judged of everybody, the defaults of an own package only")
    func objects() throws {
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [story(), package(own: true)]) == "holds")
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [story(), package(own: false, [("gpu_count", 1)], shared: true)]) == "holds")
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [story(), package(own: true, [("gpu_count", 1)])]) == "wrong-default")
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [story(), package(own: true, [("gpu_enabled", 0)])]) == "wrong-default")
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [story(), package(own: true, shared: true)]) == "shared-custom-params")
        let changed = story { $0.call("submit with everything", .submitJob, .returned("c"), mustReturn: false, changed: ["environment"]) }
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [changed, package(own: false)]) == "argument-changed")
        // The credentials are another clause's.
        let credentials = story { $0.call("construct", .construct, .instance, changed: ["credentials"]) }
        #expect(try verdict(CFG03DefaultsAndCallersObjects.self, [credentials, package(own: false)]) == "holds")
    }

    @Test("CFG-04 each impossible configuration is refused, each possible one taken")
    func impossible() throws {
        let accepts: (String) -> (inout HandMadeRecording) -> Void = { phrase in
            { $0.call("submit with \(phrase)", .submitJob, .returned("x"), mustReturn: false) }
        }
        let stories: [(String, (inout HandMadeRecording) -> Void)] = [
            ("holds", { _ in }),
            ("negative-accepted", accepts("disk_size_gb -1")), ("negative-accepted", accepts("gpu_count -1")),
            ("zero-accepted", accepts("max_runtime_hours 0")),
            ("gpus-without-gpu-enabled", accepts("gpu_count 1 and gpu_enabled False")),
            ("empty-instance-type", accepts("an empty instance_type")),
            ("holds", { $0.call("submit with memory_gb 0", .submitJob, .refused, mustReturn: false) }),
            ("wrong-exception", { $0.call("submit with memory_gb 0", .submitJob, .raises("KeyError"), mustReturn: false) }),
            ("job-created", { $0.add("jobs after the bad ones", .jobs([.made("plain"), .made("memory_gb 0")])) }),
            ("job-created", { $0.add("jobs after the bad ones", .jobs([.made("plain"), .made("hidden in a wrapper")])) }),
            ("near-miss-refused", { $0.call("submit with right sizes", .submitJob, .valueError, mustReturn: false) }),
            (
                "near-miss-refused",
                { $0.call("submit with gpu_enabled True and gpu_count 0", .submitJob, .valueError, mustReturn: false) }
            ),
        ]
        for (expected, change) in stories { #expect(try verdict(CFG04RejectsTheImpossible.self, [story(change)]) == expected) }
        // A platform without GPUs: nothing is asked of it there.
        let without = story { $0.remove("submit with gpu_enabled True and gpu_count 0") }
        #expect(try verdict(CFG04RejectsTheImpossible.self, [without], Terms(maxGPUs: 0)) == "holds")
    }
}
