import Foundation
import ProcessSpawn

/// A guest's process with all that it started.
enum ProcessTree {
    /// Kills it, its descendants and whatever is in its session, until nothing is left.
    static func kill(_ pid: Int32) {
        // A process that is being killed may have started another just before: look again until there is none.
        for _ in 0..<5 {
            let members = members(of: pid).filter { !$0.hasEnded }
            if members.isEmpty { return }
            for member in members { signalProcess(pid: member.pid, startTime: member.startTime, signal: SIGKILL) }
        }
    }

    private static func members(of pid: Int32) -> [ProcessEntry] {
        let processes = allProcesses()
        var found: Set<Int32> = [pid]
        var grew = true
        while grew {
            grew = false
            for process in processes where !found.contains(process.pid) {
                if found.contains(process.parent) || process.session == pid {
                    found.insert(process.pid)
                    grew = true
                }
            }
        }
        return processes.filter { found.contains($0.pid) }
    }
}
