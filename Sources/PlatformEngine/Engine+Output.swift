import Simulation

// What jobs wrote, for clients.
extension Engine {
    /// What a job wrote so far. An earlier read is a prefix of a later one.
    ///
    /// - Parameter offset: bytes to leave out at the beginning; beyond the end gives none.
    public nonisolated func log(
        _ stream: LogStream, ofJob id: String, tenant: Tenant, offset: Int64 = 0
    ) async throws(PlatformError) -> FileParts {
        let record = try await job(id, tenant: tenant)
        return logs.read(stream, ofJob: id, hasEnded: record.status.isTerminal, offset: offset)
    }

    /// A job with what it left.
    ///
    /// - Throws: `conflict` before its end.
    public nonisolated func result(ofJob id: String, tenant: Tenant) async throws(PlatformError) -> JobResult {
        let record = try await job(id, tenant: tenant)
        guard record.status.isTerminal else {
            throw PlatformError(.conflict, "job \(id) is \(record.status.rawValue): its result is there when it has ended")
        }
        let files = JobFiles(nodeFolder, id)
        let output = logs.read(.stdout, ofJob: id, hasEnded: true, offset: 0)
        let shown = output.first(JobResult.outputLimitBytes)
        let isTruncated = shown.count < output.length || logs.isOutputCut(ofJob: id)
        let (metrics, skipped) = MetricsFile.read(files.metrics)
        let (artifacts, areTruncated) = ArtifactsFolder(path: files.artifacts).list()
        return JobResult(
            job: record, output: String(decoding: shown, as: UTF8.self), isOutputTruncated: isTruncated,
            metrics: metrics, metricsSkipped: skipped, artifacts: artifacts, areArtifactsTruncated: areTruncated)
    }

    /// A file that a job left in its artifacts folder.
    public nonisolated func artifact(_ path: String, ofJob id: String, tenant: Tenant) async throws(PlatformError) -> FileContent {
        _ = try await job(id, tenant: tenant)
        guard let file = ArtifactsFolder(path: JobFiles(nodeFolder, id).artifacts).open(path) else {
            throw PlatformError(.notFound, "job \(id) has no artifact \"\(path.prefix(200))\"")
        }
        return FileContent(file)
    }
}
