import Glibc

/// The measuring tool behind `make bench`: one load a call, one line of JSON as its result. `docs/benchmark.md` says what each load is.
@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do throws(BenchError) {
            print(try run(Array(CommandLine.arguments.dropFirst())).json)
        } catch {
            let line = "windtunnel-bench: \(error.description)\n"
            _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(error.exitCode)
        }
    }

    private static func run(_ words: [String]) throws(BenchError) -> Figures {
        guard let load = words.first else { throw .usage("no load is named; \(known)") }
        var options = try Options(Array(words.dropFirst()))
        switch load {
        case "spawn":
            let jobs = try options.positive("jobs", or: 1000)
            let parallel = try options.positive("parallel", or: 2)
            let program = try options.program()
            try options.finish()
            return try SpawnLoad(program: program, jobs: jobs, parallel: parallel).run()

        case "submit":
            let server = try options.server()
            let jobs = try options.positive("jobs", or: 1000)
            let deadline = try options.positive("deadline-seconds", or: 120)
            let program = try options.program()
            try options.finish()
            return try SubmitLoad(server: server, program: program, jobs: jobs, deadlineSeconds: Double(deadline)).run()

        case "get":
            let server = try options.server()
            let path = try options.text("path")
            let requests = try options.positive("requests", or: 10000)
            let (header, body) = (options.optional("header"), options.optional("body"))
            try options.finish()
            return try ReadLoad(server: server, path: path, header: header, body: body, requests: requests).run()

        default:
            throw .usage("'\(load)' is no load; \(known)")
        }
    }

    private static let known = "the loads are spawn, submit and get"
}
