import Simulation

/// A platform and its node, small: the true reducer with what it stored, and a node that is a dictionary.
struct SmallWorld {
    enum Process: Hashable { case queued, noted, running, exited, lost }

    /// What the node knows.
    private(set) var processes: [String: Process] = [:]
    /// How often each job's process was started.
    private(set) var runs: [String: Int] = [:]
    /// In the order of their submissions.
    private(set) var jobs: [String] = []
    private(set) var ended: [String: ExitCause] = [:]
    /// What the node had of a job that it died with.
    private(set) var killed: [String: Process] = [:]

    private var state = State()
    private var stored: [Event] = []
    private var unsent: [String] = []
    /// Jobs that are to end, and would not by themselves.
    private var endless: Set<String> = []
    private var seconds: Int64 = 0
    private let retries: Int

    init(retries: Int) {
        self.retries = retries
        store(.platformStarted(Settings(slots: 2)))
    }

    // MARK: before the crash

    /// Brings a job each to these points.
    ///
    /// - Parameter storesStarts: word of each start is stored; else it was in some cases and not in others.
    mutating func bring(_ points: [NodeAgreementTests.Point], storesStarts: Bool = false, ending: NodeAgreementTests.Ending? = nil) {
        for point in points {
            let asked = Submission(code: "1", resources: Resources(maxRuntimeHours: 1), retries: retries)
            let job = store(.submitted(tenant: "ada", asked)).job
            jobs.append(job)
            if point == .stored { unsent.append(job) }
            if point == .queued { processes[job] = .queued }
            if point >= .noted { processes[job] = .noted }
            if point >= .started { start(job) }
            if point == .exited || point == .ended || storesStarts && point >= .started { store(.processStarted(job: job)) }
            if point >= .exited { processes[job] = .exited }
            if point >= .ended { store(.processExited(job: job, Exit(code: 0))) }
            if point == .forgotten { processes[job] = nil }
            if point < .ended, let ending { end(job, at: point, ending) }
        }
    }

    /// Has a job told to end; what the node was to be told is lost with the crash. A launch that is not sent yet is taken back.
    private mutating func end(_ job: String, at point: NodeAgreementTests.Point, _ ending: NodeAgreementTests.Ending) {
        switch ending {
        case .cancel, .cancelInGrace:
            store(.cancelRequested(job: job))
        case .timeLimit:
            if point >= .started { store(.processStarted(job: job)) }
            guard store(.timerFired(.timeLimit(job: job))).isRecorded else { return }
        }
        if let place = unsent.firstIndex(of: job) {
            unsent.remove(at: place)
            store(.launchFailed(job: job, message: "told to end"))
            return
        }
        if ending != .cancelInGrace { store(.timerFired(.cancelGrace(job: job))) }
        endless.insert(job)
    }

    // MARK: the crash

    mutating func strike(_ crash: NodeAgreementTests.Crash) {
        switch crash {
        case .platform:
            restartPlatform()
        case .platformTwice:
            restartPlatform(isShort: true)
            restartPlatform()
        case .line:
            agree(launched: state.launchedJobs, waiting: Set(unsent))
        case .node:
            killNode()
            agree(launched: state.launchedJobs, waiting: Set(unsent))
        case .both:
            killNode()
            restartPlatform()
        }
    }

    /// Takes all processes, and what the node had noted and the disk never got.
    mutating func cutPower() {
        killNode()
        processes = [:]
        restartPlatform()
    }

    private mutating func killNode() {
        for (job, process) in processes where process != .exited {
            // What waited there is nowhere noted.
            guard process != .queued else {
                processes[job] = nil
                continue
            }
            killed[job] = process
            processes[job] = .lost
        }
    }

    /// - Parameter isShort: it crashes again before it has stored what the node told.
    private mutating func restartPlatform(isShort: Bool = false) {
        state = State()
        for event in stored { _ = state.reduce(event) }
        unsent = []
        let before = Set(state.launchedJobs.map(\.id))
        store(.platformStarted(Settings(slots: 2)))
        let launched = state.launchedJobs.filter { before.contains($0.id) }
        agree(launched: launched, waiting: [], isShort: isShort)
    }

    private mutating func agree(launched: [LaunchedJob], waiting: Set<String>, isShort: Bool = false) {
        let known = processes.mapValues { process -> NodeAgreement.Known in
            switch process {
            case .queued: .queued
            case .noted, .running: .running
            case .exited: .ended(Exit(code: 0))
            case .lost: .lost
            }
        }
        let agreement = NodeAgreement(launched: launched, known: known, waiting: waiting)
        for job in agreement.strangers { processes[job] = nil }
        for job in agreement.kills { kill(job, isHeard: !isShort) }
        for job in agreement.launches { launch(job.id) }
        if isShort { return }
        for event in agreement.events { feed(event) }
        for job in unsent { launch(job) }
        unsent = []
    }

    // MARK: after the crash

    /// The node runs what it has, tells of it, and is told to forget.
    mutating func finish() {
        for job in state.launchedJobs { feed(.timerFired(.cancelGrace(job: job.id))) }
        while let (job, process) = processes.filter({ !endless.contains($0.key) }).min(by: { $0.key < $1.key }) {
            if process == .noted || process == .queued { start(job) }
            processes[job] = .exited
            feed(.processExited(job: job, Exit(code: 0)))
            processes[job] = nil
        }
    }

    /// A node takes a launch once.
    private mutating func launch(_ job: String) {
        if processes[job] == nil { processes[job] = .noted }
    }

    /// What waits is dropped, what runs has ended.
    private mutating func kill(_ job: String, isHeard: Bool) {
        switch processes[job] {
        case .queued:
            processes[job] = nil
            if isHeard { feed(.launchFailed(job: job, message: "told to end")) }
        case .noted, .running:
            if processes[job] == .noted { start(job) }
            processes[job] = .exited
            if isHeard { feed(.processExited(job: job, Exit(signal: 9))) }
        case .exited, .lost, nil: break
        }
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
        for case .kill(let job, _) in step.effects { kill(job, isHeard: true) }
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
