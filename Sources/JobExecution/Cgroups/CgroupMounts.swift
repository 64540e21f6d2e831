import Glibc

/// A hierarchy of control groups, as this process sees it.
struct CgroupMount: Sendable, Hashable {
    /// Where this process' own group is.
    var own: String
    /// Where the hierarchy begins.
    var top: String
    /// Of version 1 what it controls; empty for version 2, whose groups say it themselves.
    var controllers: [String]
    var isVersion2: Bool

    /// Every hierarchy that is mounted here.
    static func all() -> [CgroupMount] {
        guard let mounts = Files.read("/proc/self/mountinfo"), let groups = Files.read("/proc/self/cgroup") else { return [] }
        return parse(mounts: String(decoding: mounts, as: UTF8.self), groups: String(decoding: groups, as: UTF8.self))
    }

    /// - Parameters:
    ///   - mounts: the text of `/proc/self/mountinfo`.
    ///   - groups: the text of `/proc/self/cgroup`.
    static func parse(mounts: String, groups: String) -> [CgroupMount] {
        var paths: [String: String] = [:]
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) { paths[String(controller)] = String(parts[2]) }
        }
        return mounts.split(separator: "\n").compactMap { mount(of: $0, paths) }
    }

    private static func mount(of line: Substring, _ paths: [String: String]) -> CgroupMount? {
        // id parent device root place options [tags] - type source options
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        let isVersion2 = fields[dash + 1] == "cgroup2"
        guard isVersion2 || fields[dash + 1] == "cgroup" else { return nil }
        let controllers = isVersion2 ? [] : fields[dash + 3].split(separator: ",").map { String($0) }.filter { paths[$0] != nil && !$0.isEmpty }
        guard let path = paths[controllers.first ?? ""], isVersion2 || !controllers.isEmpty else { return nil }
        let (root, place) = (String(fields[3]), String(fields[4]))
        // In a container the mount may begin at the own group, or elsewhere altogether.
        let below = root == "/" ? path : path.hasPrefix(root) ? String(path.dropFirst(root.count)) : ""
        let own = below == "/" || below.isEmpty ? place : place + below
        return CgroupMount(own: own, top: place, controllers: controllers, isVersion2: isVersion2)
    }
}

/// Where groups for jobs can be made on this machine.
struct CgroupPlace: Sendable, Hashable {
    /// A folder in which groups can be made, and what they can be asked about or told there.
    struct Hierarchy: Sendable, Hashable {
        var path: String
        var controllers: [String]
    }

    var hierarchies: [Hierarchy]
    var isVersion2: Bool

    /// Nil where a job's memory could not be bounded or measured: then groups are of no use.
    static func find() -> CgroupPlace? { find(among: CgroupMount.all()) }

    static func find(among mounts: [CgroupMount]) -> CgroupPlace? {
        version1(mounts.filter { !$0.isVersion2 }) ?? mounts.first(where: \.isVersion2).flatMap { version2($0) }
    }

    private static func version1(_ mounts: [CgroupMount]) -> CgroupPlace? {
        let wanted = ["memory", "cpuacct", "cpu"]
        let usable = mounts.filter { mount in access(mount.own, W_OK) == 0 && mount.controllers.contains { wanted.contains($0) } }
        let found = usable.map { Hierarchy(path: $0.own, controllers: $0.controllers.filter { wanted.contains($0) }) }
        let controllers = found.flatMap(\.controllers)
        return controllers.contains("memory") && controllers.contains("cpuacct") ? CgroupPlace(hierarchies: found, isVersion2: false) : nil
    }

    /// The nearest group upwards that is ours to write and hands its controllers down. It cannot be our own while it has processes in it:
    /// the system allows no group both processes and controlled groups below.
    private static func version2(_ mount: CgroupMount) -> CgroupPlace? {
        var path = mount.own
        while path.hasPrefix(mount.top) {
            if access(path, W_OK) == 0, access(path + "/cgroup.procs", W_OK) == 0 {
                let text = Files.read(path + "/cgroup.subtree_control") ?? []
                let handed = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" }.map { String($0) }
                if handed.contains("memory") {
                    let controllers = ["memory", "cpu"].filter { handed.contains($0) }
                    return CgroupPlace(hierarchies: [Hierarchy(path: path, controllers: controllers)], isVersion2: true)
                }
            }
            guard path != mount.top, let slash = path.lastIndex(of: "/") else { return nil }
            path = String(path[..<slash])
        }
        return nil
    }
}
