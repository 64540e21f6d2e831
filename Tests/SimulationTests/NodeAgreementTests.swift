import Simulation
import Testing

/// Crashes of the platform, of its node, or of both, at every point of the lives of two jobs.
@Suite struct NodeAgreementTests {
    /// How far a job had come when the crash struck. Each step implies those before it.
    enum Point: Int, CaseIterable, Comparable {
        /// Its submission and launch are in the history.
        case stored
        /// The launch went to the node, which never read it.
        case sent
        /// The node keeps it waiting for a slot.
        case queued
        /// The node has written down that it will launch it.
        case noted
        case started
        case exited
        /// The node told of the end, and that was not stored.
        case told
        /// The history has the end, and the node still knows the job.
        case ended
        case forgotten

        static func < (left: Point, right: Point) -> Bool { left.rawValue < right.rawValue }
    }

    enum Crash: CaseIterable {
        /// The platform: what it had not stored is gone; the node runs on.
        case platform
        /// The node, with all its processes: the platform runs on, and has what it had not sent yet.
        case node
        case both
        /// Only the connection between them: what was under way is gone.
        case line
        /// The platform twice: the second time when it has agreed with the node and stored nothing of that.
        case platformTwice
    }

    /// Why a job was told to end before the crash. What the node was to be told is lost.
    enum Ending: CaseIterable {
        case cancel
        /// As the other one, but the grace period is not over.
        case cancelInGrace
        case timeLimit
    }

    @Test("wherever a crash strikes, every job ends, none runs twice, and the node forgets them all", arguments: Crash.allCases)
    func anyPoint(crash: Crash) {
        for first in Point.allCases {
            for second in Point.allCases {
                var world = SmallWorld(retries: 0)
                world.bring([first, second])
                world.strike(crash)
                world.finish()
                let place = "\(crash) at \(first), \(second)"
                #expect(world.ended.count == 2, "a job was lost or ended twice: \(place)")
                #expect(world.runs.values.allSatisfy { $0 <= 1 }, "a job ran twice: \(place)")
                #expect(world.processes.isEmpty, "the node remembers: \(place)")
                for (job, cause) in world.ended {
                    // Only the death of its node loses a job, and only one that the node had taken.
                    #expect(cause == (world.killed[job] == nil ? .exit : .nodeLost), "\(place)")
                    #expect(cause == .nodeLost || world.runs[job] == 1, "\(place)")
                }
            }
        }
    }

    @Test("a job that may be run again is run once more after the death of its node, and not after one of the platform", arguments: Crash.allCases)
    func retries(crash: Crash) {
        for first in Point.allCases {
            for second in Point.allCases {
                var world = SmallWorld(retries: 1)
                world.bring([first, second])
                world.strike(crash)
                world.finish()
                let place = "\(crash) at \(first), \(second)"
                #expect(world.ended.values.map(\.rawValue) == ["exit", "exit"], "\(place)")
                for (job, runs) in world.runs {
                    #expect(runs == (world.killed[job] == .running ? 2 : 1), "\(place)")
                }
                #expect(world.processes.isEmpty, "\(place)")
            }
        }
    }

    @Test("a job that was told to end does so wherever a crash strikes, and one that had not begun never does", arguments: Crash.allCases, Ending.allCases)
    func told(crash: Crash, ending: Ending) {
        for (first, second) in Point.pairs {
            for retries in 0...1 {
                var world = SmallWorld(retries: retries)
                world.bring([first, second], ending: ending)
                world.strike(crash)
                world.finish()
                let place = "\(crash) at \(first), \(second), \(retries) retries"
                #expect(world.ended.count == 2, "a job was lost or ended twice: \(place)")
                #expect(world.processes.isEmpty, "one runs for ever, or the node remembers: \(place)")
                for (point, job) in zip([first, second], world.jobs) {
                    guard let expected = ending.cause(at: point) else { continue }
                    #expect(world.ended[job] == expected, "\(place)")
                    #expect(world.runs[job] ?? 0 <= (point < .noted ? 0 : 1), "it ran: \(place)")
                }
            }
        }
    }

    @Test("a power cut that takes the node's notes: what was seen to run is lost, and not run again unless it asked for that")
    func power() {
        for (first, second) in Point.pairs {
            for retries in 0...1 {
                var world = SmallWorld(retries: retries)
                world.bring([first, second], storesStarts: true)
                world.cutPower()
                world.finish()
                let place = "at \(first), \(second), \(retries) retries"
                #expect(world.ended.count == 2 && world.processes.isEmpty, "\(place)")
                for (point, job) in zip([first, second], world.jobs) {
                    let wasSeen = point >= .started && point < .ended
                    #expect(world.ended[job] == (wasSeen && retries == 0 ? .nodeLost : .exit), "\(place)")
                    #expect(world.runs[job] == (wasSeen && retries == 1 ? 2 : 1), "\(place)")
                }
            }
        }
    }

    @Test("what waits to be sent is neither sent twice nor taken for what the node knows of an earlier attempt")
    func waiting() {
        let jobs = ["a", "b", "c"].map { id in
            LaunchedJob(
                record: JobRecord(id: id, tenant: "ada", number: 1, name: id, createdAt: moment(0), resources: Resources()),
                submission: Submission(code: "1"), gated: false)
        }
        let agreement = NodeAgreement(
            launched: jobs, known: ["b": .lost, "c": .running, "z": .running, "x": .lost], waiting: ["a", "b"])
        #expect(agreement.launches.isEmpty)
        #expect(agreement.events == [.processStarted(job: "c")])
        #expect(agreement.strangers == ["b", "x", "z"])
    }
}

extension NodeAgreementTests.Point {
    /// Every point with every other.
    static var pairs: [(Self, Self)] { allCases.flatMap { first in allCases.map { (first, $0) } } }
}

extension NodeAgreementTests.Ending {
    /// What ends a job that had come so far; nil where the order did not reach it.
    func cause(at point: NodeAgreementTests.Point) -> ExitCause? {
        if point >= .ended { return nil }
        switch self {
        case .cancel, .cancelInGrace: return .cancelled
        case .timeLimit: return point >= .started ? .timeLimit : nil
        }
    }
}
