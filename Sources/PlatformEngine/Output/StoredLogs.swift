import JobExecution
import Simulation

/// What jobs wrote, read from a state folder that no server has. Nodes are not asked, and nothing is made there.
public enum StoredLogs {
    /// - Parameters:
    ///   - stateFolder: as given to `serve`.
    ///   - job: its record, from the history.
    public static func read(_ stream: LogStream, of job: JobRecord, stateFolder: String) -> FileParts {
        let jobs = JobsFolder(path: StateFolder.jobs(in: stateFolder))
        return LogReader(jobs, limitBytes: EngineConfiguration.logBytesMaxStandard)
            .read(stream, ofJob: job.id, hasEnded: job.status.isTerminal, offset: 0)
    }
}
