import Foundation
import PlatformEngine

/// Where a platform has the packages from that jobs depend on, as a user says it.
public struct PackageOptions: Sendable {
    let source: DependencySource

    /// None: jobs with dependencies are refused.
    public init() { source = DependencySource() }

    /// - Parameters:
    ///   - wheels: a folder of wheels.
    ///   - index: the URL of a package index; nil asks none.
    ///   - missing: `reject` or `fail`: what becomes of a job whose packages cannot be had.
    /// - Throws: ``UsageError``.
    public init(wheels: String?, index: String? = nil, missing: String = DependencySource.Missing.reject.rawValue) throws {
        guard let known = DependencySource.Missing(rawValue: missing) else {
            let names = DependencySource.Missing.allCases.map(\.rawValue).joined(separator: " or ")
            throw UsageError("--missing-dependencies is '\(missing)'; it is \(names)")
        }
        var isFolder: ObjCBool = false
        if let wheels, !FileManager.default.fileExists(atPath: wheels, isDirectory: &isFolder) || !isFolder.boolValue {
            throw UsageError("--wheels \(wheels) is not a folder; name one that has wheels (*.whl) in it")
        }
        if let index, URL(string: index)?.host == nil || !(index.hasPrefix("http://") || index.hasPrefix("https://")) {
            throw UsageError("--index is '\(index)'; it is the URL of a package index, such as https://pypi.org/simple")
        }
        source = DependencySource(wheels: wheels, index: index, missing: known)
    }
}
