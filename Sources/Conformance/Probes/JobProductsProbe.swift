import Recording

/// A job writes metrics and artifacts where the platform says, one of them in a folder and one with a name beyond ASCII; its result is fetched.
enum JobProductsProbe: Probe {
    static let name = "job-products"
    static let metrics: [(name: String, value: Double)] = [("wt_accuracy", 0.875), ("wt_loss", 0.25)]
    /// The names of the files; the second stands in ``folder``.
    static let artifacts = ["wt-weights.bin", "wt-notes.txt", "wt-gr\u{FC}\u{DF}e.txt"]
    static let folder = "wt-folder"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let id = try await stage.submit("submit", Program(nonce: stage.nonce("job"), code: code(stage.nonce("job"))))
        try await stage.wait("job ended", for: .ended)
        try await stage.settle("status at the end", id)
        try await stage.call("result", .getJobResult, Call.Argument("job_id", .string(id), positional: true))
    }

    private static func code(_ nonce: String) -> String {
        let lines = metrics.map { "    file.write(json.dumps({\"\($0.name)\": \($0.value)}) + chr(10))" }.joined(separator: "\n")
        return """
            import json
            import os
            with open(os.environ["WINDTUNNEL_METRICS_FILE"], "a") as file:
            \(lines)
            place = os.environ["WINDTUNNEL_ARTIFACTS_DIR"]
            os.makedirs(os.path.join(place, "\(folder)"))
            foreign = "wt-gr" + chr(252) + chr(223) + "e.txt"
            for name in ("\(artifacts[0])", os.path.join("\(folder)", "\(artifacts[1])"), foreign):
                with open(os.path.join(place, name), "wb") as file:
                    file.write(bytes(range(256)))
            print("\(nonce)")

            """
    }
}
