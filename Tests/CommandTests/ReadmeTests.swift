import Foundation
import TestedProgram
import Testing

@Suite("README")
struct ReadmeTests {
    /// The commands between the mark and the end of the block, without comments; `make` builds, and is not for a test to run.
    static let commands: [String] = {
        let text = (try? String(contentsOfFile: Place.root + "/README.md", encoding: .utf8)) ?? ""
        return text.matches(of: /<!-- run: quick -->\n```sh\n([^`]*)```/).flatMap { $0.1.split(separator: "\n") }
            .map { line in
                let command = line.firstRange(of: /\s+#/).map { line[..<$0.lowerBound] } ?? line
                return command.trimmingCharacters(in: .whitespaces)
            }
            .filter { !$0.isEmpty && !$0.hasPrefix("make ") }
    }()

    @Test("has commands that are marked to be run")
    func marked() { #expect(Self.commands.count >= 2) }

    @Test("its quick commands do what they say", arguments: commands)
    func quick(_ command: String) async throws {
        let folder = try Folder()
        let here = command.replacingOccurrences(of: ".build/release/windtunnel", with: "'\(TestedProgram.path)'")
        let ended = try await run("/bin/sh", ["-c", here], in: folder, workingFolder: Place.root)
        #expect(ended.code == 0, "\(command)\n\(ended.output)\n\(ended.errors)")
        #expect(!ended.output.isEmpty)
    }
}
