import CSpawn

/// The numbers of the processors that this process may run on, ascending.
public func ownProcessors() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: processorsMax) { buffer, count in
        count = Int(cspawn_processors(buffer.baseAddress, Int32(processorsMax)))
    }
}

/// As many as the system's own set of them holds.
private let processorsMax = 1024
