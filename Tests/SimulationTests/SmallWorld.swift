import Simulation

/// A platform and its node, small: the true reducer with what it stored, and a node that is a dictionary.
struct SmallWorld {
    enum Process: Hashable { case noted, running, exited, lost }

    /// What the node knows.
    private(set) var processes: [String: Process] = [:]
    /// How often each job's process was started.
    private(set) var runs: [String: Int] = [:]
    private(set) var ended: [String: ExitCause] = [:]
    /// What the node had of a job that it died with.
    private(set) var killed: [String: Process] = [:]

    private var state = State()
    private var stored: [Event] = []
    private var unsent: [String] = []
    private var seconds: Int64 = 0
    private let retries: Int

    init(retries: Int) {
        self.retries = retries
        store(.platformStarted(Settings(slots: 2)))
    }

    // MARK: before the crash

    /// Brings a job each to these points.
    mutating func bring(_ points: [NodeAgreementTests.Point]) {
        for point in points {
            let job = store(.submitted(tenant: "ada", Submission(code: "1", retries: retries))).job
            if point == .stored { unsent.append(job) }
            if point >= .noted { processes[job] = .noted }
            if point >= .started { start(job) }
            // Word of the start was stored in some cases and not in others.
            if point == .exited || point == .ended { store(.processStarted(job: job)) }
            if point >= .exited { processes[job] = .exited }
            if point >= .ended { store(.processExited(job: job, Exit(code: 0))) }
            if point == .forgotten { processes[job] = nil }
        }
    }

    // MARK: the crash

    mutating func strike(_ crash: NodeAgreementTests.Crash) {
        switch crash {
        case .platform:
            restartPlatform()
        case .platformTwice:
            restartPlatform(isShort: true)
            restartPlatform()
        case .node:
            killNode()
            agree(launched: state.launchedJobs, waiting: Set(unsent))
        case .both:
            killNode()
            restartPlatform()
        }
    }

    private mutating func killNode() {
        for (job, process) in processes where process != .exited {
            killed[job] = process
            processes[job] = .lost
        }
    }

    /// - Parameter isShort: it crashes again before it has stored what the node told.
    private mutating func restartPlatform(isShort: Bool = false) {
        state = State()
        for event in stored { _ = state.reduce(event) }
        unsent = []
        let launched = state.launchedJobs
        store(.platformStarted(Settings(slots: 2)))
        agree(launched: launched, waiting: [], isShort: isShort)
    }

    private mutating func agree(launched: [LaunchedJob], waiting: Set<String>, isShort: Bool = false) {
        let known = processes.mapValues { process -> NodeAgreement.Known in
            switch process {
            case .noted, .running: .running
            case .exited: .ended(Exit(code: 0))
            case .lost: .lost
            }
        }
        let agreement = NodeAgreement(launched: launched, known: known, waiting: waiting)
        for job in agreement.strangers { processes[job] = nil }
        for job in agreement.launches { launch(job.id) }
        if isShort { return }
        for event in agreement.events { feed(event) }
        for job in unsent { launch(job) }
        unsent = []
    }

    // MARK: after the crash

    /// The node runs what it has, tells of it, and is told to forget.
    mutating func finish() {
        while let (job, process) = processes.min(by: { $0.key < $1.key }) {
            if process == .noted { start(job) }
            processes[job] = .exited
            feed(.processExited(job: job, Exit(code: 0)))
            processes[job] = nil
        }
    }

    /// A node takes a launch once.
    private mutating func launch(_ job: String) {
        if processes[job] == nil { processes[job] = .noted }
    }

    private mutating func start(_ job: String) {
        processes[job] = .running
        runs[job, default: 0] += 1
    }

    /// Stores what the node told, and does what follows.
    private mutating func feed(_ body: Event.Body) {
        let step = store(body)
        switch body {
        case .processExited(let job, _), .nodeLost(let job): processes[job] = nil
        default: break
        }
        for job in step.launches.keys.sorted() { launch(job) }
    }

    @discardableResult
    private mutating func store(_ body: Event.Body) -> Step {
        seconds += 1
        let event = Event(at: moment(seconds), body)
        let step = state.reduce(event)
        if step.isRecorded { stored.append(event) }
        for record in step.changed where record.status.isTerminal {
            let name = ended[record.id] == nil ? record.id : "\(record.id), again"
            ended[name] = record.cause
        }
        return step
    }
}
