import Foundation

/// Writes tiny Python wheels, for whoever needs packages that no index has.
public enum ProbeWheel {
    /// Writes a pure Python wheel of one module.
    ///
    ///     try ProbeWheel.write(name: "probe", version: "1.0", module: "probe", source: "answer = 42", to: folder)
    ///
    /// - Parameters:
    ///   - name: of the distribution: ASCII letters, digits and underscores.
    ///   - version: such as `1.0`.
    ///   - module: what is imported.
    ///   - source: the module's Python text.
    ///   - requirements: what the package depends on, each as in `Requires-Dist`.
    ///   - folder: where to write it; it must be there.
    /// - Returns: the file's path.
    @discardableResult
    public static func write(
        name: String, version: String, module: String, source: String, requirements: [String] = [], to folder: String
    ) throws -> String {
        let information = "\(name)-\(version).dist-info"
        var metadata = "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n"
        for requirement in requirements { metadata += "Requires-Dist: \(requirement)\n" }
        let tag = "Wheel-Version: 1.0\nGenerator: windtunnel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        var files = [("\(module).py", source + "\n"), ("\(information)/METADATA", metadata), ("\(information)/WHEEL", tag)]
        // Installers take a record without hashes, which are for checks after the installation.
        let record = "\(information)/RECORD"
        files.append((record, (files.map(\.0) + [record]).map { "\($0),,\n" }.joined()))
        var archive = StoredArchive()
        for (path, text) in files { archive.add(path, Array(text.utf8)) }
        let path = "\(folder)/\(name)-\(version)-py3-none-any.whl"
        try Data(archive.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        return path
    }
}

/// A zip archive whose files are stored as they are.
private struct StoredArchive {
    private var files: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    mutating func add(_ path: String, _ contents: [UInt8]) {
        let name = Array(path.utf8)
        let offset = UInt32(files.count)
        // Version 2.0, no flags, stored, at midnight of 1980-01-01; then check sum and sizes; then the lengths of the name and of no more.
        var common = Self.little(UInt16(20)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt16(0x21))
        common += Self.little(Self.checksum(contents)) + Self.little(UInt32(contents.count)) + Self.little(UInt32(contents.count))
        common += Self.little(UInt16(name.count)) + Self.little(UInt16(0))
        files += Self.little(UInt32(0x0403_4b50)) + common + name + contents
        // Made by Unix; no comment, first disk, no internal attributes; a plain file that all may read.
        directory += Self.little(UInt32(0x0201_4b50)) + Self.little(UInt16(0x0314)) + common + [UInt8](repeating: 0, count: 6)
        directory += Self.little(UInt32(0o100644) << 16) + Self.little(offset) + name
        count += 1
    }

    var bytes: [UInt8] {
        let end = Self.little(UInt32(0x0605_4b50)) + Self.little(UInt32(0)) + Self.little(count) + Self.little(count)
        return files + directory + end + Self.little(UInt32(directory.count)) + Self.little(UInt32(files.count)) + Self.little(UInt16(0))
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// CRC-32 as zip has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
    }
}
