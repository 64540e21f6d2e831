import Testing

@testable import Simulation

/// Random histories. Every one comes from its seed alone.
@Suite struct PropertyTests {
    @Test("any history keeps the slots, launches a job once, changes no ended job, replays and restores", arguments: 1...100)
    func anyHistory(seed: Int) {
        var history = RandomHistory(seed: UInt64(seed))
        for _ in 0..<250 { history.step() }

        var replayed = State()
        for event in history.recorded { _ = replayed.reduce(event) }
        #expect(replayed == history.state)

        var restored = State(
            restoring: Settings(), nextNumber: history.state.nextNumber, submissionsByTenant: history.submissions,
            live: history.seeds)
        let restart = Event(at: moment(1_000_000), .platformStarted(Settings(slots: 2)))
        #expect(restored.reduce(restart) == replayed.reduce(restart))
        #expect(restored == replayed)

        history.drain()
        #expect(history.state.runningCount == 0, "a slot leaked")
        #expect(history.state.queuedCount == 0)
        #expect(history.state.liveJobs().isEmpty)
    }

    @Test("random histories reach every status and every kind of hold")
    func coverage() {
        var statuses: Set<JobStatus> = []
        var points: Set<HoldPoint> = []
        for seed in 1...50 {
            var history = RandomHistory(seed: UInt64(seed))
            for _ in 0..<250 {
                history.step()
                points.formUnion(history.state.caughtHolds.map(\.point))
            }
            statuses.formUnion(history.ended.values.map(\.status))
        }
        #expect(statuses == [.succeeded, .failed, .cancelled])
        #expect(points == Set(HoldPoint.allCases))
    }
}

/// Drives a state with random events, and checks after each what must hold always.
private struct RandomHistory {
    private(set) var state = State()
    private(set) var recorded: [Event] = []
    private(set) var ended: [String: JobRecord] = [:]
    private(set) var submissions: [String: Int64] = [:]
    private var random: SplitMix64
    private var time: Int64 = 0
    private var known: [String] = []
    private var launched: [String: Bool] = [:]
    private var keptExits: [String: SeenExit] = [:]
    private var holds: [String] = []

    init(seed: UInt64) {
        random = SplitMix64(state: seed)
        feed(.platformStarted(Settings(slots: 2)))
    }

    var seeds: [LiveJobSeed] {
        state.liveJobs().reversed().map { record in
            LiveJobSeed(
                record: record, submission: state.submission(of: record.id) ?? Submission(code: "lost"),
                launched: launched[record.id] != nil, hasGate: launched[record.id] ?? false, exit: keptExits[record.id])
        }
    }

    mutating func step() { feed(randomBody()) }

    /// Lets everything end: a restart ends the holds, then each job that is launched exits.
    mutating func drain() {
        feed(.platformStarted(Settings(slots: 2)))
        while let next = state.launchedJobs.first { feed(.processExited(job: next.id, Exit(code: 0))) }
    }

    private mutating func randomBody() -> Event.Body {
        let tenant = pick(["ada", "bob"]) ?? "ada"
        let job = (roll(4) == 0 ? pick(known) : pick(state.liveJobs().map(\.id))) ?? "job-none"
        switch roll(40) {
        case 0..<10: return .submitted(tenant: tenant, randomSubmission())
        case 10..<16: return .processStarted(job: job)
        case 16..<24: return .processExited(job: job, roll(2) == 0 ? Exit(code: Int32(roll(3))) : Exit(signal: 15))
        case 24..<28: return .cancelRequested(job: job)
        case 28: return .launchFailed(job: job, message: "no")
        case 29: return .nodeLost(job: job)
        case 30..<32: return .timerFired(.cancelGrace(job: job))
        case 32..<35: return armed(tenant)
        case 35..<38: return .holdReleased(hold: pick(holds) ?? "none")
        case 38: return roll(4) == 0 ? .platformStopping : .processStarted(job: job)
        default: return .platformStarted(Settings(slots: 2, cancelGraceSeconds: Double(roll(3))))
        }
    }

    private mutating func randomSubmission() -> Submission {
        Submission(code: "\(roll(2))", idempotencyKey: roll(5) == 0 ? "key-\(roll(1_000))" : nil)
    }

    private mutating func armed(_ tenant: String) -> Event.Body {
        let id = "hold-\(holds.count)"
        holds.append(id)
        return .holdArmed(hold: id, tenant: tenant, pick(HoldPoint.allCases) ?? .pending)
    }

    private mutating func feed(_ body: Event.Body) {
        time += Int64(roll(3))
        let event = Event(at: moment(time), body)
        let before = state
        let step = state.reduce(event)
        if step.isRecorded {
            recorded.append(event)
        } else {
            #expect(state == before && step.effects.isEmpty && step.changed.isEmpty)
        }
        note(event, step)
        #expect(state.runningCount <= 2)
        #expect(state.launchedCount == state.liveJobs().count { launched[$0.id] != nil })
    }

    private mutating func note(_ event: Event, _ step: Step) {
        if step.isRecorded, case .accepted(let record) = step.answer {
            known.append(record.id)
            submissions[record.tenant, default: 0] += 1
        }
        for (job, gated) in step.launches {
            #expect(launched.updateValue(gated, forKey: job) == nil, "\(job) was launched twice")
        }
        for record in step.changed {
            #expect(ended[record.id] == nil, "\(record.id) changed after its end")
            if record.status.isTerminal { ended[record.id] = record }
        }
        if step.isRecorded, case .processExited(let job, let exit) = event.body, ended[job] == nil {
            keptExits[job] = SeenExit(at: event.at, exit: exit)
        }
    }

    private mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }

    private mutating func pick<T>(_ values: [T]) -> T? { values.randomElement(using: &random) }
}

/// Sebastiano Vigna's SplitMix64: a test's own generator, seeded by its argument.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
