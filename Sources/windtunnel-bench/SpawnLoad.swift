import Glibc

/// The yardstick: the smallest program, started by the C library's own `posix_spawn` and collected by `wait4`, one after the other on each thread.
struct SpawnLoad: Sendable {
    var program: JobProgram
    var jobs: Int
    var parallel: Int

    func run() throws(BenchError) -> Figures {
        let begin = Clock.seconds()
        _ = try onThreads(parallel) { [self] thread throws(BenchError) in
            for _ in 0..<share(of: jobs, thread: thread, threads: parallel) { try runOne() }
        }
        let seconds = Clock.seconds() - begin
        var figures = Figures()
        figures.add("jobs", jobs)
        figures.add("seconds", seconds)
        figures.add("jobs_per_second", Double(jobs) / seconds)
        return figures
    }

    private func runOne() throws(BenchError) {
        var pid = pid_t()
        let failure = withCStrings(program.arguments) { arguments in
            withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin"]) { environment in
                posix_spawn(&pid, program.path, nil, nil, arguments, environment)
            }
        }
        guard failure == 0 else { throw .system("start \(program.path)", failure) }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw .system("wait for \(program.path)") }
        }
        guard status == 0 else { throw .notMeasured("\(program.path) ended with status \(status)") }
    }
}

private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { (list + index).initialize(to: strdup(text)) }
    (list + texts.count).initialize(to: nil)
    defer {
        for index in texts.indices { free(list[index]) }
        list.deallocate()
    }
    return body(list)
}
