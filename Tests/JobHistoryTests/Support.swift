import Foundation
import GRDB
import JobHistory
import Simulation

/// A folder of its own, removed at the end.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "history-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/history.sqlite" }

    func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: database)) }

    /// Changes the file behind the program's back.
    func tamper(_ sql: String) throws {
        let queue = try DatabaseQueue(path: database)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}

/// A platform that stores what it does, without an engine.
struct Platform {
    var state: State
    let history: JobHistory
    private var seconds: Int64

    init(_ history: JobHistory, slots: Int = 2, at seconds: Int64 = 0) throws {
        self.history = history
        self.seconds = seconds
        state = try history.live().state
        try feed(.platformStarted(Settings(seed: 5, slots: slots)))
    }

    /// Reduces events, a second apart, and stores all that is recorded in one batch.
    @discardableResult
    mutating func feed(_ bodies: Event.Body...) throws -> [Step] {
        var batch: [StoredStep] = []
        var steps: [Step] = []
        for body in bodies {
            seconds += 1
            let event = Event(at: Timestamp(microseconds: seconds * 1_000_000), body)
            let step = state.reduce(event)
            steps.append(step)
            if step.isRecorded { batch.append(StoredStep(event, step)) }
        }
        try history.append(batch)
        return steps
    }

    mutating func submit(_ tenant: String = "ada", _ submission: Submission = Submission(code: "1")) throws -> String {
        guard case .accepted(let record) = try feed(.submitted(tenant: tenant, submission)).first?.answer else {
            return "refused"
        }
        return record.id
    }

    /// Submits a job that runs and ends with this code.
    @discardableResult
    mutating func complete(
        _ tenant: String = "ada", code: Int32 = 0, name: String? = nil, usage: Usage = Usage()
    ) throws -> String {
        let id = try submit(tenant, Submission(code: "1", name: name))
        try feed(.processStarted(job: id), .processExited(job: id, Exit(code: code, usage: usage)))
        return id
    }
}

/// Every field differs from its default, and the texts need escapes.
let fullSubmission = Submission(
    code: "print(\"ä\\n\t\u{0}\u{1f}\u{7f}\")\r\n# \u{2028}😀 'quoted'", language: .shell, name: "a \"name\"",
    resources: Resources(
        instanceType: "gpu-large", gpuEnabled: true, gpuCount: 4, memoryGB: 1.5, cpuCount: 0.1, diskSizeGB: 1e-7,
        maxRuntimeHours: 1e21, autoShutdown: false, customParamsJSON: #"{"a": ["b\n", 1]}"#),
    environment: ["B": "2", "A": "1=\"x\""], dependencies: ["numpy==2", "x\\y"], labels: ["team": "ü", "": "empty"],
    idempotencyKey: "key-1")

let fullUsage = Usage(
    wallSeconds: 1.25, cpuUserSeconds: 0.1, cpuSystemSeconds: 1e-6, maxRSSBytes: 1 << 40, readBytes: 1, writtenBytes: 2,
    source: "cgroup", unknown: ["maxRSSBytes": "below the node's own peak"])
