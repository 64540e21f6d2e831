import Foundation
import Recording
import Testing

@testable import ConnectorHost

@Suite struct LoadingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var files: [String: String]
        var reference = "acme.py:Acme"
        var kind: ConnectorHostError.Kind
        var message: String
        var testDescription: String { "\(kind) \(reference)" }
    }

    static let cases: [Case] = [
        Case(files: [:], kind: .fileMissing, message: "acme.py: no such file"),
        Case(files: ["acme.py/x": ""], kind: .fileMissing, message: "acme.py: a folder, not a Python file"),
        Case(files: ["acme.py": "x = 1\nfor for\n"], kind: .syntaxError, message: "acme.py:2: syntax error: invalid syntax: for for"),
        Case(
            files: ["acme.py": "import helper\n", "helper.py": "x = (\n"], kind: .syntaxError,
            message: "helper.py:1: syntax error: '(' was never closed: x = ("),
        Case(
            files: ["acme.py": "import os\nimport no_such_thing\n"], kind: .importError,
            message: "acme.py:2: cannot import: No module named 'no_such_thing' "
                + "(install it for PYTHON, or choose another interpreter with --python)"),
        Case(
            files: ["acme.py": "from os import nothing_of_the_kind\n"], kind: .importError,
            message: "acme.py:1: cannot import: cannot import name 'nothing_of_the_kind' from 'os' (OS)"),
        Case(files: ["acme.py": "\nx = 1 / 0\n"], kind: .importError, message: "acme.py:2: the import raised ZeroDivisionError: division by zero"),
        Case(files: ["acme.py": "raise SystemExit(2)\n"], kind: .importError, message: "acme.py:1: the import raised SystemExit: 2"),
        Case(files: ["acme.py": "import os\nos._exit(1)\n"], kind: .importError, message: "acme.py:Acme: the import ended the Python process"),
        Case(
            files: [:], reference: "nowhere.at_all:Acme", kind: .importError,
            message: "module nowhere.at_all: no module named nowhere (looked in FOLDER and the import path of PYTHON)"),
        Case(
            files: ["acme.py": "class AcmeConnector: pass\n"], reference: "acme.py:AcmeConector", kind: .classMissing,
            message: "acme.py has no class AcmeConector; did you mean AcmeConnector?"),
        Case(files: ["acme.py": "import os\n"], kind: .classMissing, message: "acme.py has no class Acme; it has no class of its own"),
        Case(files: ["acme.py": "def Acme(): pass\n"], kind: .notAClass, message: "acme.py: Acme is a function, not a class"),
        Case(files: ["acme.py": "Acme = 3\n"], kind: .notAClass, message: "acme.py: Acme is a int, not a class"),
        Case(
            files: ["acme.py": connectorSource("get_logs = None")], kind: .abstractMethods,
            message: "acme.py: class Acme has no get_logs"),
        Case(
            files: ["acme.py": "from neural.integrations import BaseConnector\nclass Acme(BaseConnector):\n    def authenticate(self): return True\n"],
            kind: .abstractMethods,
            message: "acme.py: class Acme leaves out cancel_job, get_job_result, get_job_status, get_logs, list_jobs, submit_job"),
        Case(
            files: ["acme.py": "class Acme:\n    def authenticate(self): return True\n"], kind: .abstractMethods,
            message: "acme.py: class Acme has no submit_job, get_job_status, get_job_result, cancel_job, list_jobs, get_logs"),
    ]

    @Test("what is wrong with a connector is one clear line", arguments: cases)
    func errors(_ item: Case) async throws {
        let project = try Project(item.files)
        let python = try await interpreter().executable
        let error = await #expect(throws: ConnectorHostError.self) { try await startHost(project, item.reference) }
        let shown = error?.message.replacingOccurrences(of: python, with: "PYTHON").replacingOccurrences(of: project.folder, with: "FOLDER")
            .replacing(/\([^ ]*\/os\.py\)/, with: "(OS)")
        #expect(error?.kind == item.kind)
        #expect(shown == item.message)
        #expect(error?.isConfiguration == true)
    }

    @Test("an import that does not end is told with its line")
    func endlessImport() async throws {
        let project = try Project(["acme.py": "import time\ntime.sleep(600)\n"])
        let error = await #expect(throws: ConnectorHostError.self) { try await startHost(project, importPatience: .seconds(1)) }
        #expect(error?.message.hasPrefix("acme.py:Acme: the import did not end within 1 s") == true)
    }

    @Test(
        "a constructor that does not take the credentials is a configuration error",
        arguments: [
            ("def __init__(self, region, zone=1): pass", ConnectorHostError.Kind.constructor,
             "acme.py: class Acme must be made as Acme(credentials=dict) or Acme(dict); its constructor also needs region, project"),
            ("def __init__(self, credentials): self.key = credentials['region']", .credentialMissing,
             "acme.py:15: class Acme asks for the credential 'region', which was not given; add --credential region=VALUE"),
            ("def __init__(self, credentials): self.key = os.environ['ACME_KEY']", .constructor,
             "acme.py:15: class Acme reads the environment variable ACME_KEY, which is not passed on; take it from credentials"),
            ("def __init__(self, credentials): raise ValueError('bad  key')", .constructor,
             "acme.py:15: the constructor of Acme raised ValueError: bad key"),
            ("def __init__(self): pass", .constructor,
             "acme.py: class Acme must be made as Acme(credentials=dict) or Acme(dict); its constructor takes no argument"),
        ])
    func constructors(_ body: String, _ kind: ConnectorHostError.Kind, _ message: String) async throws {
        let source = connectorSource(body.replacingOccurrences(of: "region, zone=1", with: "region, project"))
        let line = source.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("def __init__") }.map { $0 + 1 } ?? 0
        let project = try Project(["acme.py": source])
        let host = try await startHost(project)
        let error = await #expect(throws: ConnectorHostError.self) {
            try await host.checkConstruction(credentials: ["api_key": "k"], within: patience)
        }
        await host.shutdown()
        withExtendedLifetime(project) {}
        #expect(error?.kind == kind)
        #expect(error?.message == message.replacingOccurrences(of: "acme.py:15", with: "acme.py:\(line)"))
    }

    @Test(
        "credentials are passed by keyword where that fits, else by position",
        arguments: ["def __init__(self, credentials=None)", "def __init__(self, config)", "def __init__(self, **options)", "def __init__(self, *all)"])
    func forms(_ signature: String) async throws {
        let keep = "self.kept = dict(locals()); self.kept.pop('self'); self.kept.pop('__class__', None)"
        let project = try Project(["acme.py": connectorSource("\(signature): \(keep)")])
        let host = try await startHost(project)
        try await host.checkConstruction(credentials: ["api_key": "k"], within: patience)
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test(
        "a file in a package is imported by its dotted name, any other with its own folder first",
        arguments: [
            (["pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/tool.py": "WORD = 'w'", "pkg/sub/acme.py": "from ..tool import WORD\n"], "pkg/sub/acme.py:Acme", "pkg.sub.acme"),
            (["src/acme.py": "from tool import WORD\n", "src/tool.py": "WORD = 'w'"], "src/acme.py:Acme", "acme"),
            (["acme/__init__.py": "", "acme/inner.py": "WORD = 'w'\n"], "acme.inner:Acme", "acme.inner"),
        ])
    func places(_ files: [String: String], _ reference: String, _ module: String) async throws {
        var files = files
        let parsed = try ConnectorReference(parsing: reference)
        let file = parsed.filePath ?? "acme/inner.py"
        files[file] = (files[file] ?? "") + connectorSource("def get_logs(self, x): return [__name__, WORD]\ndef authenticate(self): raise OSError")
        let project = try Project(files)
        let host = try await startHost(project, reference)
        let session = try await host.openSession()
        _ = try await session.construct(credentials: .dict([]), within: patience)
        #expect(try await session.outcome("get_logs", "") == .returned(.list([.string(module), "w"])))
        #expect(try await session.outcome("authenticate").raised?.frames.count == 1)
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test(
        "a reference that cannot be read is refused",
        arguments: [
            ("acme.py", "\"acme.py\": the class is missing; give module:Class or path/file.py:Class"),
            ("exec:./a", "\"exec:./a\": exec: is not built yet; give module:Class or path/file.py:Class"),
            ("a b:C", "\"a b:C\": \"a b\" is neither a module nor a file that ends in .py"),
            ("a:1C", "\"a:1C\": \"1C\" is not a class name; give module:Class or path/file.py:Class"),
        ])
    func references(_ text: String, _ message: String) {
        let error = #expect(throws: ConnectorHostError.self) { try ConnectorReference(parsing: text) }
        #expect(error?.message == message)
    }
}
