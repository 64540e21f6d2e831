import Foundation
import Simulation

/// The time that the platform lives in.
public protocol PlatformClock: Sendable {
    func now() -> Timestamp
    /// Returns after so many seconds of this clock, or throws when its task is cancelled.
    func sleep(seconds: Double) async throws
}

/// The time on the wall.
public struct WallClock: PlatformClock {
    public init() {}

    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    public func sleep(seconds: Double) async throws {
        try await Task.sleep(for: .seconds(seconds))
    }
}
