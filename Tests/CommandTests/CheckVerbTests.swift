import Foundation
import TestedProgram
import Testing

@Suite("windtunnel check")
struct CheckVerbTests {
    @Test("a mistake of the user's is one line and exit 2", arguments: [
        (["good"], "\"good\": the class is missing; give module:Class or path/file.py:Class"),
        (["nofile.py:X"], "nofile.py: no such file"),
        (["good.py:Nope"], "good.py has no class Nope; it has GoodConnector"),
        (["good.py:json"], "good.py: json is a module, not a class"),
        (["syntax.py:X"], "syntax.py:1: syntax error: invalid syntax: def ("),
        (["raises.py:X"], "raises.py:1: the import raised ZeroDivisionError: division by zero"),
        (["exits.py:X"], "exits.py:X: the import ended the Python process"),
        (["abstract.py:X"], "abstract.py: class X leaves out cancel_job, get_job_result, get_job_status, get_logs, list_jobs, submit_job"),
        (["plain.py:X"], "plain.py: class X has no authenticate, submit_job, get_job_status, get_job_result, cancel_job, list_jobs, get_logs"),
        (["noarguments.py:X"], "noarguments.py: class X must be made as X(credentials=dict) or X(dict); its constructor takes no argument"),
        (["more.py:X"], "more.py: class X must be made as X(credentials=dict) or X(dict); its constructor also needs a, b"),
        (["key.py:X"], "key.py:4: class X asks for the credential 'zone', which was not given; add --credential zone=VALUE"),
        (["good.py:GoodConnector", "--only", "SUB-99"], "the contract has no clause or family 'SUB-99'; did you mean SUB-09?"),
        (["good.py:GoodConnector", "--skip", "SUBB"], "the contract has no clause or family 'SUBB'; did you mean SUB?"),
        (["good.py:GoodConnector", "--platform", "aws"], "--platform aws is unknown or not built yet; the platform that is there is 'native'"),
        (["good.py:GoodConnector", "--live"], "'--live' of 'windtunnel check' is not built yet"),
        (["good.py:GoodConnector", "--timeout", "2"], "--timeout is '2'; a duration has a unit, such as 250ms, 30s, 2m, 1h or 7d"),
        (["good.py:GoodConnector", "--jobs", "0"], "--jobs is 0; it must be 1 or more"),
        (["good.py:GoodConnector", "--level", "some"], "--level is 'some'; it is one of must, should, info"),
        (["good.py:GoodConnector", "--credential", "foo"], "--credential 'foo' is not KEY=VALUE, such as api_key={token}"),
        (["good.py:GoodConnector", "--python", "/nowhere/python"], "--python /nowhere/python: no such program"),
        (["good.py:GoodConnector", "--python", "/bin/true"], "--python /bin/true: not a Python that works (Python 3.9 or newer is needed)"),
        (["--judge", "syntax.py"], "syntax.py is no recording; give --judge a file that --record wrote"),
        (["--judge", "nofile"], "nofile cannot be read; give --judge a file that --record wrote"),
        ([], "no connector is named; give module:Class or path/file.py:Class, or put 'connector:' in windtunnel.yaml"),
    ])
    func mistakes(_ arguments: [String], _ line: String) async throws {
        let ended = try await run(TestedProgram.path, ["check"] + arguments, in: try connectors())
        #expect(ended.code == 2)
        #expect(ended.complaint == line)
        #expect(ended.output == "")
    }

    @Test("where there is no Python, that is the line")
    func noPython() async throws {
        let folder = try connectors()
        let ended = try await windtunnel("check", "good.py:GoodConnector", in: folder, environment: ["PATH": "/nowhere"])
        #expect(ended.code == 2)
        #expect(ended.complaint?.hasPrefix("no Python was found (looked for ") == true)
    }

    @Test("what the connector prints, on any road, does not disturb it")
    func prints() async throws {
        let ended = try await windtunnel("check", "prints.py:X", "--only", "SUB-01", in: try connectors())
        #expect(ended.code == 0)
        #expect(ended.output.contains("conformant: 1 passed"))
    }

    @Test("a call that stalls ends at its deadline, and the report has its Python stack")
    func stalls() async throws {
        let ended = try await windtunnel("check", "stalls.py:X", "--only", "SUB-01", "--timeout", "1s", in: try connectors())
        #expect(ended.code == 1)
        #expect(ended.output.contains("did not come back"))
        #expect(ended.output.contains("stalls.py:5 submit_job"))
        #expect(ended.output.contains("stalls.py:7 deep"))
        #expect(ended.output.contains("SUB-01/stalled"))
    }

    @Test("a connector that ends its own process is told so, and fails")
    func dies() async throws {
        let ended = try await windtunnel("check", "dies.py:X", "--only", "SUB-01", in: try connectors())
        #expect(ended.code == 1)
        #expect(ended.output.contains("the Python process exited with code 9"))
    }

    @Test("a token that the connector puts into an error stands in no report and no recording")
    func secrets() async throws {
        let folder = try connectors()
        let ended = try await windtunnel("check", "leaks.py:X", "--only", "SUB-01", "--record", "recording", in: folder)
        #expect(ended.code == 1)
        let token = /wt_[0-9a-f]{16}/
        #expect(ended.output.contains("RuntimeError"))
        #expect(ended.output.firstMatch(of: token) == nil)
        #expect(ended.errors.firstMatch(of: token) == nil)
        #expect(!folder.read("recording").isEmpty)
        #expect(folder.read("recording").firstMatch(of: token) == nil)
    }

    @Test("a recording that is judged again gives the same report")
    func recording() async throws {
        let folder = try connectors()
        let first = try await windtunnel("check", "good.py:GoodConnector", "--only", "SUB", "--record", "recording", "--format", "json", in: folder)
        let second = try await windtunnel("check", "--judge", "recording", "--format", "json", in: folder)
        #expect(first.code == 0)
        #expect(second.code == 0)
        #expect(first.output == second.output)
        #expect(try first.json()["schema"] as? String == "windtunnel.report/1")
    }

    @Test("a report that cannot be written is exit 2 and one line", arguments: ["--output", "--record"])
    func unwritable(_ option: String) async throws {
        let ended = try await windtunnel("check", "good.py:GoodConnector", "--only", "SUB-01", option, "/nowhere/file", in: try connectors())
        #expect(ended.code == 2)
        #expect(ended.complaint?.hasPrefix("\(option) /nowhere/file cannot be written") == true)
    }

    @Test("nothing of a check is left behind")
    func nothingLeft() async throws {
        let folder = try connectors()
        let temporary = try Folder()
        let ended = try await windtunnel("check", "good.py:GoodConnector", "--only", "SUB-01", in: folder, environment: ["TMPDIR": temporary.path])
        #expect(ended.code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
        #expect(processes(with: temporary.path) == [])
    }

    /// A folder with the good connector and broken ones.
    private func connectors() throws -> Folder {
        let folder = try Folder()
        try folder.write("good.py", try String(contentsOfFile: Place.good, encoding: .utf8))
        try folder.write("syntax.py", "def (\n")
        try folder.write("raises.py", "1/0\n")
        try folder.write("exits.py", "import os; os._exit(3)\n")
        try folder.write("plain.py", "class X: pass\n")
        try folder.write(
            "abstract.py",
            "from neural.integrations.base import BaseConnector\nclass X(BaseConnector):\n    def authenticate(self): return True\n")
        func connector(_ name: String, _ body: String) throws {
            try folder.write(name, "from good import GoodConnector\nimport os, sys, time\nclass X(GoodConnector):\n" + body)
        }
        try connector("noarguments.py", "    def __init__(self): pass\n")
        try connector("more.py", "    def __init__(self, credentials, a, b): pass\n")
        try connector("key.py", "    def __init__(self, credentials): super().__init__(credentials); credentials['zone']\n")
        let submit = "    def submit_job(self, *a, **k):\n"
        try connector(
            "prints.py",
            submit + "        print('{\"jsonrpc\": 1}'); os.write(1, b'\\xff raw\\n' * 10000); os.system('echo child')\n"
                + "        return super().submit_job(*a, **k)\n")
        try connector("stalls.py", submit + "        self.deep()\n    def deep(self):\n        time.sleep(1000)\n")
        try connector("dies.py", submit + "        os._exit(9)\n")
        try connector("leaks.py", submit + "        raise RuntimeError('rejected: ' + str(vars(self)) + str(getattr(self, 'credentials', '')))\n")
        return folder
    }
}
