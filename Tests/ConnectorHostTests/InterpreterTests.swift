import Foundation
import ProcessSpawn
import Testing

@testable import ConnectorHost

@Suite struct InterpreterTests {
    /// A program that answers as a Python of that version would.
    static func fake(_ version: String, at path: String = "/opt/real/python3") -> String {
        "#!/bin/sh\necho 'a banner'\necho 'windtunnel \(version) \(path)'\n"
    }

    /// Programs are copied into place by another process: a file that this one has open for writing, if only in a child that another
    /// test is just starting, cannot be run.
    static func project(_ programs: [String: String]) async throws -> Project {
        let project = try Project(programs)
        for name in programs.keys.sorted() {
            let path = "\(project.folder)/\(name)"
            let script = "cp \(path) \(path).new && chmod 755 \(path).new && mv \(path).new \(path)"
            let process = try spawn(SpawnRequest(executable: "/bin/sh", arguments: ["-c", script]))
            #expect(await process.waitForExit()?.ending == .code(0))
        }
        return project
    }

    @Test("the explicit one, then the active environment, then .venv beside or above, then the path")
    func order() async throws {
        let project = try await Self.project([
            "mine/python": Self.fake("3.12.1", at: "/explicit"), "active/bin/python": Self.fake("3.10.0", at: "/active"),
            "repo/.venv/bin/python": Self.fake("3.11.0", at: "/venv"), "repo/src/acme.py": "", "bin/python3": Self.fake("3.9.0", at: "/path"),
        ])
        let folder = project.folder
        let all = ["PATH": "\(folder)/bin:/bin", "VIRTUAL_ENV": "\(folder)/active"]
        let some = ["PATH": "\(folder)/bin:/bin"]
        func find(_ explicit: String?, _ connector: String?, _ environment: [String: String]) async throws -> String {
            try await PythonInterpreter.find(
                explicit: explicit, connectorPath: connector, environment: environment, currentFolder: folder
            ).executable
        }
        #expect(try await find("mine/python", "repo/src/acme.py", all) == "/explicit")
        #expect(try await find(nil, "repo/src/acme.py", all) == "/active")
        #expect(try await find(nil, "repo/src/acme.py", some) == "/venv")
        #expect(try await find(nil, nil, some) == "/path")
    }

    @Test("a missing, broken or old interpreter is named")
    func errors() async throws {
        let project = try await Self.project(["old/python3": Self.fake("3.8.18"), "broken/python3": "#!/bin/sh\nexit 1\n"])
        let folder = project.folder
        func message(_ explicit: String?, path: String = "/nowhere") async -> String? {
            await #expect(throws: ConnectorHostError.self) {
                try await PythonInterpreter.find(
                    explicit: explicit, connectorPath: nil, environment: ["PATH": path], currentFolder: folder)
            }?.message
        }
        #expect(await message("absent/python") == "--python absent/python: no such program")
        #expect(await message("old/python3") == "--python old/python3: Python 3.8.18 is too old, Python 3.9 or newer is needed")
        #expect(await message("broken/python3") == "--python broken/python3: not a Python that works (Python 3.9 or newer is needed)")
        let looked = "\(folder)/.venv/bin/python, python3 and python on PATH"
        #expect(await message(nil) == "no Python was found (looked for \(looked)); give one with --python PATH")
    }
}
