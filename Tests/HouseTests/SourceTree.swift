import Foundation

/// The files of the project as they lie in its folder.
enum SourceTree {
    /// The top folder, found from this file, also where the tests are reached by a link.
    static let root: URL = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct File {
        /// From the top folder: `Sources/Simulation/State.swift`.
        let path: String
        let text: String

        var name: String { String(path.split(separator: "/").last ?? "") }
        /// The target of a file below `Sources`.
        var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    static func read(_ path: String) throws -> String { try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path) }

    /// Every text file below these folders with one of these endings, sorted; caches and build folders aside.
    static func files(below folders: [String], endings: [String] = [".swift"]) throws -> [File] {
        try folders.flatMap { folder in
            let names = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)?.compactMap { $0 as? String } ?? []
            return try names.filter { name in
                endings.contains { name.hasSuffix($0) } && !name.split(separator: "/").contains { $0 == "__pycache__" || $0.hasPrefix(".build") }
            }.sorted().map { File(path: "\(folder)/\($0)", text: try read("\(folder)/\($0)")) }
        }
    }
}
