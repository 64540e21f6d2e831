import Conformance
import Foundation

/// Saved recordings: JSON, with a schema and the contract's version.
public enum RecordingFile {
    /// - Throws: ``UsageError`` naming the file and what is wrong with it.
    public static func read(_ path: String) throws -> CheckRecord {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError("\(path) cannot be read; give --judge a file that --record wrote")
        }
        struct Head: Decodable {
            var schema: String
            var contract: String
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            throw UsageError("\(path) is no recording; give --judge a file that --record wrote")
        }
        guard head.schema == CheckRecord.schema, head.contract == Contract.version else {
            throw UsageError(
                "\(path) is a recording of \(head.schema), contract \(head.contract); this program judges \(CheckRecord.schema), contract \(Contract.version)")
        }
        do { return try JSONDecoder().decode(CheckRecord.self, from: data) } catch {
            throw UsageError("\(path) is damaged; record it again with --record")
        }
    }

    public static func write(_ record: CheckRecord, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data = try encoder.encode(record)
        try FileOutput.write(data, to: path, option: "--record")
    }
}

/// Writes a result to a file that the user named, all of it or nothing.
public enum FileOutput {
    public static func write(_ text: String, to path: String, option: String) throws {
        try write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8), to: path, option: option)
    }

    static func write(_ data: Data, to path: String, option: String) throws {
        do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw UsageError("\(option) \(path) cannot be written: \((error as NSError).localizedDescription)")
        }
    }
}

extension Selection {
    /// - Throws: ``UsageError`` for a word that is neither a clause nor a family, with the nearest that is.
    public static func parsed(only: [String]?, skip: [String]?, level: Contract.Level?) throws -> Selection {
        let selection = Selection(
            only: (only ?? []).map { $0.uppercased() }, skip: (skip ?? []).map { $0.uppercased() }, level: level ?? .info)
        if let unknown = selection.unknownWords().first {
            throw UsageError("the contract has no clause or family '\(unknown.word)'; did you mean \(unknown.nearest)?")
        }
        return selection
    }
}
