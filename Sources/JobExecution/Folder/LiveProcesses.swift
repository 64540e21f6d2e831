import Glibc
import ProcessSpawn

extension NodeFolder {
    /// The living processes of a job, found from outside its node: its noted main process, those of that session, those that carry its
    /// `WINDTUNNEL_JOB_ID`, and all their descendants. By ascending pid.
    ///
    /// Ids of jobs repeat from state folder to state folder, and sessions are numbers: one found by either counts only if its environment,
    /// working folder or streams lead into this job's folder. A daemon that has wiped all of these is not found.
    public func liveProcesses(ofJob job: String) -> [ProcessEntry] {
        let noted = notedProcess(ofJob: job)
        let own = getpid()
        let living = allProcesses().filter { !$0.hasEnded && $0.pid != own }
        var members: Set<Int32> = []
        for process in living {
            if let noted, process.pid == noted.pid, process.startTime == noted.startTime {
                members.insert(process.pid)
            } else if carriesMark(process, job: job, session: noted?.pid) {
                members.insert(process.pid)
            }
        }
        return withDescendants(members, among: living)
    }

    private func carriesMark(_ process: ProcessEntry, job: String, session: Int32?) -> Bool {
        let environment = processEnvironment(process.pid)
        let isMarked = value(of: jobMarker, inEnvironment: environment) == job
        guard isMarked || process.session == session else { return false }
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
