/// The files that a job left in its artifacts folder. No link is followed: a job cannot make the platform hand out a file
/// from elsewhere, not even by a link in place of the folder.
struct ArtifactsFolder {
    /// The most artifacts that are listed.
    static let limit = 10_000

    let path: String

    /// The paths of the regular files, relative to the folder, sorted; and whether there are more.
    func list() -> (paths: [String], isTruncated: Bool) {
        let page = FileListing.page(of: ConfinedFolder(path: path), prefix: "", after: "", limit: Self.limit)
        return (page.files.map(\.path), page.next != nil)
    }

    /// A file of it; nil when there is none of that path, or a link or `..` is on the way.
    func open(_ relative: String) -> OpenFile? {
        guard let file = try? FilePath(relative) else { return nil }
        return try? ConfinedFolder(path: path).open(file)
    }
}
