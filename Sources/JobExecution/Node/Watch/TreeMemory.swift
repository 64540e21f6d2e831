import ProcessSpawn

/// What the processes of a tree have in memory together.
enum TreeMemory {
    /// - Parameter interest: above it the figure must be right; up to it a larger one will do, which counts what processes share for each.
    /// - Returns: bytes.
    static func bytes(of pids: [Int32], above interest: Int64) -> Int64 {
        let upper = pids.reduce(0) { $0 + (residentBytes(ofProcess: $1) ?? 0) }
        guard upper > interest, pids.count > 1 else { return upper }
        return pids.reduce(0) { $0 + (proportionalBytes(ofProcess: $1) ?? residentBytes(ofProcess: $1) ?? 0) }
    }
}
