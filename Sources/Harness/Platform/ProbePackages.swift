import Conformance
import Foundation

/// The packages of a check's platform: one that a job can ask for, and none else.
enum ProbePackages {
    static let requirements = Requirements(
        available: "windtunnel-probe", module: "windtunnel_probe", missing: "windtunnel-no-such-package")

    /// Makes the folder of wheels.
    static func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try ProbeWheel.write(
            name: "windtunnel_probe", version: "1.0", module: requirements.module, source: "answer = 42", to: folder)
    }
}
