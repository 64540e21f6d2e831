/// How jobs' main processes come to life.
public enum LauncherChoice: String, Sendable, Hashable, CaseIterable {
    /// Each is spawned.
    case cold
    /// A plain Python job is a fork of an interpreter that is up already; whatever that cannot give is spawned.
    case warm
    /// Whichever is faster for the job: today the same as `warm`.
    case auto
}
