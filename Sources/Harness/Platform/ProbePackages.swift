import Conformance
import Foundation

/// The packages of a check's platform: two that a job can ask for, and none else.
enum ProbePackages {
    static let requirements = Requirements(
        available: [
            Requirements.Available(requirement: "windtunnel-probe", module: "windtunnel_probe", version: "1.0"),
            Requirements.Available(requirement: "windtunnel-pinned==1.0", module: "windtunnel_pinned", version: "1.0"),
        ], missing: "windtunnel-no-such-package")

    /// Makes the folder of wheels.
    static func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Of the pinned one there is a newer version too: whoever drops the pin gets that.
        for (name, version) in [("windtunnel_probe", "1.0"), ("windtunnel_pinned", "1.0"), ("windtunnel_pinned", "2.0")] {
            try ProbeWheel.write(name: name, version: version, module: name, source: "version = '\(version)'", to: folder)
        }
    }
}
