import Glibc
import ProcessSpawn

// The node's process and all below it, from outside: whatever of a job runs descends from its node, which inherits orphans.
extension NodeClient {
    /// Ends the node's process. Its jobs' main processes end with it; whoever starts the next node ends the rest.
    public func kill() { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGKILL) }

    /// Stops the node, so that it starts nothing more, and then every process below it, until none is left that runs.
    public func pause() {
        signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGSTOP)
        var stopped: Set<ProcessIdentity> = []
        while true {
            let fresh = descendants(of: process, among: allProcesses()).filter { stopped.insert($0.identity).inserted }
            if fresh.isEmpty { return }
            for entry in fresh { signalProcess(pid: entry.pid, startTime: entry.startTime, signal: SIGSTOP) }
        }
    }

    /// Lets the node and every process below it go on.
    public func resume() { continueTree(of: process) }
}

/// Continues a stopped process with all that descends from it, itself last.
func continueTree(of root: ProcessIdentity) {
    for entry in descendants(of: root, among: allProcesses()) {
        signalProcess(pid: entry.pid, startTime: entry.startTime, signal: SIGCONT)
    }
    signalProcess(pid: root.pid, startTime: root.startTime, signal: SIGCONT)
}

private func descendants(of root: ProcessIdentity, among processes: [ProcessEntry]) -> [ProcessEntry] {
    var members: Set<Int32> = [root.pid]
    var size = 0
    while members.count != size {
        size = members.count
        for process in processes where members.contains(process.parent) { members.insert(process.pid) }
    }
    return processes.filter { $0.pid != root.pid && members.contains($0.pid) && !$0.hasEnded }
}
