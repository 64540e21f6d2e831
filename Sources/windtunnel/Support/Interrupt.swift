import Dispatch
import Foundation

/// Waits for INT or TERM, without holding a thread. The signals are taken from the moment it is made.
/// Unchecked: its sources are never changed, and Dispatch's own are safe on any thread.
final class Interrupt: @unchecked Sendable {
    private let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, sink) = AsyncStream.makeStream(of: Int32.self)
        signals = stream
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { sink.yield(number) }
            source.resume()
            return source
        }
    }

    /// - Returns: the signal.
    @discardableResult
    func wait() async -> Int32 {
        for await number in signals { return number }
        return SIGTERM
    }
}
