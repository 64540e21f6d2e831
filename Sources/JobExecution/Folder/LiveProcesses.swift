import Glibc
import ProcessSpawn

extension NodeFolder {
    /// The living processes of a job, found from outside its node: its noted main process, those of that session, those that carry its
    /// `WINDTUNNEL_JOB_ID`, and all their descendants. By ascending pid.
    ///
    /// Ids of jobs repeat from state folder to state folder, and sessions are numbers: one found by either counts only if its environment,
    /// working folder or streams lead into this job's folder. A daemon that has wiped all of these is not found.
    public func liveProcesses(ofJob job: String) -> [ProcessEntry] {
        liveProcesses(of: [job: JobJournal.read(journal)[job] ?? JobJournal.Job()])
    }

    /// The living processes of all these jobs, with one look at the system.
    func liveProcesses(of jobs: [String: JobJournal.Job]) -> [ProcessEntry] {
        var sessions: [Int32: [String]] = [:]
        for (name, job) in jobs { if let main = job.main { sessions[main.pid, default: []].append(name) } }
        let own = getpid()
        let living = allProcesses().filter { !$0.hasEnded && $0.pid != own }
        let members = living.filter { process in
            // A number may have been several jobs' in turn.
            let ofSession = sessions[process.session] ?? []
            if process.pid == process.session, ofSession.contains(where: { jobs[$0]?.main?.startTime == process.startTime }) { return true }
            let environment = settledEnvironment(process)
            let marked = value(of: jobMarker, inEnvironment: environment).flatMap { jobs[$0] == nil ? nil : $0 }
            return (ofSession + (marked.map { [$0] } ?? [])).contains { leads(process, environment, intoJob: $0) }
        }
        return withDescendants(Set(members.map(\.pid)), among: living)
    }

    /// In the middle of its `exec` a process has no environment yet: one that is at home here is asked until it has.
    private func settledEnvironment(_ process: ProcessEntry) -> [UInt8] {
        var environment = processEnvironment(process.pid)
        guard environment.isEmpty, processLinks(process.pid).contains(where: { $0.hasPrefix(jobs + "/") }) else { return environment }
        for _ in 0..<Self.settleRoundsMax where environment.isEmpty && processEntry(process.pid)?.hasEnded == false {
            poll(nil, 0, Self.settleMilliseconds)
            environment = processEnvironment(process.pid)
        }
        return environment
    }

    private static let settleRoundsMax = 50
    private static let settleMilliseconds: Int32 = 2

    private func leads(_ process: ProcessEntry, _ environment: [UInt8], intoJob job: String) -> Bool {
        let place = folder(ofJob: job) + "/"
        return contains(environment, Array(place.utf8)) || processLinks(process.pid).contains { ($0 + "/").hasPrefix(place) }
    }

    private func withDescendants(_ roots: Set<Int32>, among processes: [ProcessEntry]) -> [ProcessEntry] {
        var members = roots
        var size = -1
        while members.count != size {
            size = members.count
            for process in processes where members.contains(process.parent) { members.insert(process.pid) }
        }
        return processes.filter { members.contains($0.pid) }
    }
}

/// The variable by which a process is known to belong to a job.
let jobMarker = "WINDTUNNEL_JOB_ID"

private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0] == first && text[$0..<($0 + part.count)].elementsEqual(part) }
}
