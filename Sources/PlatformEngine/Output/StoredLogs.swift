import JobExecution
import Simulation

/// What jobs wrote, read from a state folder that no server has.
public enum StoredLogs {
    /// - Parameters:
    ///   - stateFolder: as given to `serve`.
    ///   - job: its record, from the history.
    /// - Throws: `EngineError` when the folder cannot be used.
    public static func read(_ stream: LogStream, of job: JobRecord, stateFolder: String) throws(EngineError) -> FileParts {
        let folder: NodeFolder
        do { folder = try NodeFolder(path: stateFolder + "/nodes/" + State.node, jobs: stateFolder + "/jobs") } catch {
            throw .stateFolder(path: stateFolder, detail: error.description)
        }
        return LogReader(folder, limitBytes: EngineConfiguration.logBytesMaxStandard).read(stream, ofJob: job.id, hasEnded: job.status.isTerminal, offset: 0)
    }
}
