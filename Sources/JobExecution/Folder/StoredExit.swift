import FoundationEssentials

extension NodeFolder {
    /// How that job ended, as its node noted; nil when it had not ended.
    public func storedExit(ofJob job: String) -> JobExit? {
        guard let bytes = Files.read(exit(job)) else { return nil }
        return try? JSONDecoder().decode(JobExit.self, from: Data(bytes))
    }
}
