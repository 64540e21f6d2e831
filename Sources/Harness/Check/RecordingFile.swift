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

/// Writes a result to a file that the user named.
public enum FileOutput {
    public static func write(_ text: String, to path: String, option: String) throws {
        try write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8), to: path, option: option)
    }

    /// Whether the file can be written, before there is anything to lose.
    /// - Throws: ``UsageError`` naming the option and what is wrong with the place.
    public static func check(_ path: String, option: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw UsageError("\(option) \(path) cannot be written: there is no folder \(folder)")
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue { throw UsageError("\(option) \(path) cannot be written: it is a folder") }
            guard access(path, W_OK) == 0 else { throw UsageError("\(option) \(path) cannot be written: permission denied") }
        } else if access(folder, W_OK) != 0 {
            throw UsageError("\(option) \(path) cannot be written: the folder \(folder) is not writable")
        }
    }

    static func write(_ data: Data, to path: String, option: String) throws {
        try check(path, option: option)
        do { try data.write(to: URL(fileURLWithPath: path)) } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let detail = cause.map { String(cString: strerror(Int32($0.code))) } ?? "the system refused"
            throw UsageError("\(option) \(path) cannot be written: \(detail)")
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
