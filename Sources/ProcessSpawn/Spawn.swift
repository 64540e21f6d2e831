import CSpawn
import Glibc

/// Starts a process.
///
/// The address space is shared until the exec (as in `vfork`), so the cost does not grow with the memory of this process, and a failed exec is an
/// error here and now. The caller reaps it: `reap(pid:blocking:)` or `SpawnedProcess.waitForExit()`.
/// - Throws: `SpawnError`, naming the path and the system's reason.
public func spawn(_ request: SpawnRequest) throws(SpawnError) -> SpawnedProcess {
    // The system ties "dies with its parent" to the *thread* that spawned: only one that never ends will do.
    guard request.diesWithParent, !isMainThread() else { return try spawnHere(request) }
    return try SpawnThread.shared.run { () throws(SpawnError) in try spawnHere(request) }
}

private func isMainThread() -> Bool { cspawn_is_main_thread() != 0 }

private func spawnHere(_ request: SpawnRequest) throws(SpawnError) -> SpawnedProcess {
    try refuseNUL(request)
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    var from: [Int32] = []
    var to: [Int32] = []
    for (number, stream) in [request.standardInput, request.standardOutput, request.standardError].enumerated() {
        from.append(try open(stream, reading: number == 0, &opened))
        to.append(Int32(number))
    }
    for (source, target) in request.inherited {
        from.append(source)
        to.append(target)
    }
    let ownLimits = request.limits.contains { $0.resource == .openFiles } ? [] : [OpenFileLimit.ofChildren].compactMap { $0 }
    let limits = (ownLimits + request.limits).map { cspawn_limit(resource: cspawn_resource($0.resource.rawValue), soft: $0.soft, hard: $0.hard) }
    let arguments = CStringList([request.executable] + request.arguments)
    let environment = CStringList(request.environment.map { "\($0.name)=\($0.value)" })

    var pid: pid_t = 0
    var pidfd: Int32 = -1
    var step: Int32 = 0
    let before = ticksSinceBoot()
    let failure = request.executable.withCString { path in
        withOptionalCString(request.workingDirectory) { directory in
            withPointers(limits, from, to, request.groups, request.processors) { limits, from, to, groups, processors in
                var raw = cspawn_request(
                    path: path, argv: arguments.pointer, envp: environment.pointer, directory: directory,
                    from: from.baseAddress, to: to.baseAddress, descriptor_count: Int32(from.count),
                    limits: limits.baseAddress, limit_count: Int32(limits.count),
                    new_session: request.newSession ? 1 : 0, dies_with_parent: request.diesWithParent ? 1 : 0,
                    groups: groups.baseAddress, group_count: Int32(groups.count),
                    processors: processors.baseAddress, processor_count: Int32(processors.count))
                return cspawn(&raw, &pid, &pidfd, &step)
            }
        }
    }
    guard failure == 0 else { throw error(request, step: step, errno: failure) }
    // The system rounds to ticks: mostly both times are one, and need not be asked for.
    let startTime = before == ticksSinceBoot() ? before : processStartTime(pid) ?? before
    return SpawnedProcess(pid: pid, pidfd: pidfd, startTime: startTime)
}

private func ticksSinceBoot() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return (UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)) / nanosecondsPerTick
}

private let nanosecondsPerTick: UInt64 = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

private func open(_ stream: StandardStream, reading: Bool, _ opened: inout [Int32]) throws(SpawnError) -> Int32 {
    let path: String
    let flags: Int32
    switch stream {
    case .descriptor(let descriptor): return descriptor
    case .null:
        path = "/dev/null"
        flags = O_RDWR
    case .file(let file, let append):
        path = file
        flags = reading ? O_RDONLY : O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC)
    }
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SpawnError(step: .open, path: path, errno: errno) }
    opened.append(descriptor)
    return descriptor
}

private func refuseNUL(_ request: SpawnRequest) throws(SpawnError) {
    let texts = [request.executable, request.workingDirectory ?? ""] + request.arguments
    let hasNUL = texts.contains { $0.utf8.contains(0) }
        || request.environment.contains { $0.name.utf8.contains(0) || $0.value.utf8.contains(0) }
    if hasNUL { throw SpawnError(step: .request, path: request.executable, errno: EINVAL) }
}

private func error(_ request: SpawnRequest, step: Int32, errno: Int32) -> SpawnError {
    let named: SpawnError.Step =
        switch UInt32(step) {
        case CSPAWN_SESSION.rawValue: .session
        case CSPAWN_DIRECTORY.rawValue: .workingDirectory
        case CSPAWN_DESCRIPTORS.rawValue: .descriptors
        case CSPAWN_LIMITS.rawValue: .limits
        case CSPAWN_EXEC.rawValue: .execute
        case CSPAWN_GROUP.rawValue: .group
        case CSPAWN_PROCESSORS.rawValue: .processors
        default: .clone
        }
    let path = named == .workingDirectory ? request.workingDirectory ?? request.executable : request.executable
    return SpawnError(step: named, path: path, errno: errno)
}

private typealias Pointer<Element> = UnsafeBufferPointer<Element>

private func withPointers<Limit, Result>(
    _ limits: [Limit], _ from: [Int32], _ to: [Int32], _ groups: [Int32], _ processors: [Int32],
    _ body: (Pointer<Limit>, Pointer<Int32>, Pointer<Int32>, Pointer<Int32>, Pointer<Int32>) -> Result
) -> Result {
    limits.withUnsafeBufferPointer { limits in
        from.withUnsafeBufferPointer { from in
            to.withUnsafeBufferPointer { to in
                groups.withUnsafeBufferPointer { groups in
                    processors.withUnsafeBufferPointer { body(limits, from, to, groups, $0) }
                }
            }
        }
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}

/// A NULL-terminated list of C strings, in one allocation each.
private final class CStringList {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointer = .allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { (pointer + index).initialize(to: strdup(text)) }
        (pointer + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { free(pointer[index]) }
        pointer.deallocate()
    }
}
