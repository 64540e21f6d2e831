import Foundation
import Testing

@testable import JobExecution

@Suite("Control groups, as the system describes them")
struct CgroupTests {
    @Test("the own group is found in each hierarchy, in a container too")
    func mounts() {
        let mounts = """
            31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
            """
        let groups = "4:memory:/docker/abc/own\n3:cpu,cpuacct:/\n1:name=systemd:/x\n0::/user.slice/app"
        let found = CgroupMount.parse(mounts: mounts, groups: groups)
        #expect(found.map(\.own) == ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory/own", "/sys/fs/cgroup/unified/user.slice/app"])
        #expect(found.map(\.controllers) == [["cpu", "cpuacct"], ["memory"], []])
        #expect(found.map(\.isVersion2) == [false, false, true])
    }

    @Test("of version 2, the nearest group upwards that hands its controllers down is where jobs' groups go")
    func delegated() throws {
        let root = NSTemporaryDirectory() + "cgroup-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let own = root + "/user/app/own"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        for path in [own, root + "/user/app", root + "/user"] {
            try Data().write(to: URL(fileURLWithPath: path + "/cgroup.procs"))
            let handed = path == own ? "" : path.hasSuffix("app") ? "cpu memory pids\n" : "memory\n"
            try Data(handed.utf8).write(to: URL(fileURLWithPath: path + "/cgroup.subtree_control"))
        }
        let mount = CgroupMount(own: own, top: root, controllers: [], isVersion2: true)
        let place = CgroupPlace.find(among: [mount])
        #expect(place?.hierarchies == [CgroupPlace.Hierarchy(path: root + "/user/app", controllers: ["memory", "cpu"])])
        #expect(CgroupPlace.find(among: []) == nil)
    }

    @Test("of version 2, the figures are read from its files")
    func figures() throws {
        let root = NSTemporaryDirectory() + "cgroup-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let place = CgroupPlace(hierarchies: [.init(path: root, controllers: ["memory", "cpu"])], isVersion2: true)
        let group = try JobCgroup(in: place, name: "job", bounds: JobBounds())
        let files = [
            "memory.peak": "1048576\n", "cpu.stat": "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\n",
            "memory.events": "low 0\noom 1\noom_kill 0\n", "cgroup.procs": "12\n34\n",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/job/\(name)")) }
        #expect(group.figures() == JobCgroup.Figures(userSeconds: 2, systemSeconds: 1, peakBytes: 1_048_576))
        #expect(group.pids() == [12, 34])
        #expect(!group.ranOutOfMemory())
        try Data("oom 1\noom_kill 2\n".utf8).write(to: URL(fileURLWithPath: root + "/job/memory.events"))
        #expect(group.ranOutOfMemory())
    }
}
