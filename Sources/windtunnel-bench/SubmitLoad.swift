/// The smallest jobs of a program over HTTP, from the first submission until all of them have ended.
///
/// Each connection submits its share, one request at a time. Then the jobs submitted last are asked for, one after the other and gently. The
/// queue is in order, so once the last few of every connection have ended all have; afterwards, outside the time, every single job is asked
/// for and must have succeeded.
struct SubmitLoad: Sendable {
    var server: Server
    var program: JobProgram
    var jobs: Int
    var deadlineSeconds: Double

    /// As many jobs as can still run when a later one has ended: no more than the slots, which are fewer than this times the connections.
    private static let lastOnesOfEach = 4
    /// At most so much later than it was, the end is noticed.
    private static let pollMilliseconds: Int32 = 2

    private struct Submitted: Sendable {
        var ids: [String] = []
        var seconds: [Double] = []
    }

    func run() throws(BenchError) -> Figures {
        let connections = try Connections(server)
        let begin = Clock.seconds()
        let cpuBefore = Clock.ownCPUSeconds()
        let submitted = try onThreads(server.connections) { [self] thread throws(BenchError) in
            try submit(share(of: jobs, thread: thread, threads: server.connections), connections.borrow(thread))
        }
        let accepted = Clock.seconds() - begin
        try awaitEnd(of: submitted.flatMap { $0.ids.suffix(Self.lastOnesOfEach) }, connections.borrow(0), since: begin)
        let seconds = Clock.seconds() - begin
        let cpu = Clock.ownCPUSeconds() - cpuBefore
        try checkAllSucceeded(submitted, connections)

        let times = submitted.flatMap(\.seconds).sorted()
        var figures = Figures()
        figures.add("jobs", jobs)
        figures.add("seconds", seconds)
        figures.add("jobs_per_second", Double(jobs) / seconds)
        figures.add("accepted_seconds", accepted)
        figures.add("submit_per_second", Double(jobs) / accepted)
        figures.add("submit_p50_milliseconds", quantile(0.5, of: times) * 1000)
        figures.add("submit_p99_milliseconds", quantile(0.99, of: times) * 1000)
        figures.add("client_cpu_seconds", cpu)
        figures.add("a_job", submitted.first?.ids.first ?? "")
        return figures
    }

    private func submit(_ count: Int, _ connection: Connection) throws(BenchError) -> Submitted {
        let submission = request("POST", "/v1/jobs", server, body: program.submission)
        var submitted = Submitted()
        for _ in 0..<count {
            let begin = Clock.seconds()
            let id = try connection.exchange(submission) { status, body throws(BenchError) in
                guard status == 201 else {
                    throw .notMeasured("a submission was answered \(status): \(String(decoding: body.prefix(200), as: UTF8.self))")
                }
                return try JobBody.id(body)
            }
            submitted.seconds.append(Clock.seconds() - begin)
            submitted.ids.append(id)
        }
        return submitted
    }

    private func awaitEnd(of ids: [String], _ connection: Connection, since begin: Double) throws(BenchError) {
        for id in ids {
            let read = request("GET", "/v1/jobs/\(id)", server)
            while !JobBody.hasEnded(try status(read, connection)) {
                guard Clock.seconds() - begin < deadlineSeconds else {
                    throw .notMeasured("job \(id) had not ended after \(Int(deadlineSeconds)) s")
                }
                Clock.pause(milliseconds: Self.pollMilliseconds)
            }
        }
    }

    private func checkAllSucceeded(_ submitted: [Submitted], _ connections: Connections) throws(BenchError) {
        _ = try onThreads(server.connections) { [self] thread throws(BenchError) in
            for id in submitted[thread].ids {
                let status = try status(request("GET", "/v1/jobs/\(id)", server), connections.borrow(thread))
                guard status == "succeeded" else { throw .notMeasured("job \(id) is \(status), not succeeded") }
            }
        }
    }

    private func status(_ read: [UInt8], _ connection: Connection) throws(BenchError) -> String {
        try connection.exchange(read) { status, body throws(BenchError) in
            guard status == 200 else { throw .notMeasured("a status read was answered \(status)") }
            return try JobBody.status(body)
        }
    }
}

/// - Parameter sorted: in ascending order, not empty.
private func quantile(_ part: Double, of sorted: [Double]) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] }
