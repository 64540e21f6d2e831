import Dispatch
import Foundation
import Harness

/// Waits for INT, TERM or HUP, without holding a thread. The signals are taken from the moment it is made.
///
/// HUP is left alone where it is ignored already (`nohup`). Unchecked: its sources are never changed, and Dispatch's own are safe on any
/// thread.
final class Interrupt: @unchecked Sendable {
    let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, sink) = AsyncStream.makeStream(of: Int32.self)
        signals = stream
        sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
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

    /// Does the work; where a signal comes first, whatever the work has left open is closed and the program ends with 130.
    func guarding<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
        let watch = Task {
            await wait()
            guard !Task.isCancelled else { return }
            await Cleanup.shared.run()
            exit(130)
        }
        defer { watch.cancel() }
        do {
            let answer = try await work()
            await untilExit()
            return answer
        } catch {
            await untilExit()
            throw error
        }
    }

    /// What the work came to after an interruption is nobody's matter: the program is about to end with 130.
    private func untilExit() async {
        while await Cleanup.shared.isOver { try? await Task.sleep(for: .seconds(1)) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard number == SIGHUP, sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
