import Glibc

/// What a running interpreter has said of itself when it got ready.
struct InterpreterMake {
    let environment: EnvironmentPlace
    /// Where it found what it is made of, and when that was changed, in nanoseconds since 1970; -1 where there was nothing.
    private let places: [(path: String, changed: Int64)]

    /// - Parameter word: texts with a NUL between them: `ready`, the address and size of the environment's place, and `TIME PATH`s.
    init?(ready word: [UInt8]) {
        let texts = word.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard texts.count >= 3, texts[0] == "ready", let address = UInt64(texts[1]), let bytes = Int(texts[2]) else { return nil }
        environment = EnvironmentPlace(address: address, bytes: bytes)
        places = texts.dropFirst(3).compactMap { text in
            guard let space = text.firstIndex(of: " "), let changed = Int64(text[..<space]) else { return nil }
            return (String(text[text.index(after: space)...]), changed)
        }
    }

    /// Whether a new interpreter would be made of the same: whoever installs something wants it seen.
    func isStill() -> Bool { places.allSatisfy { Self.changed($0.path) == $0.changed } }

    private static func changed(_ path: String) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { return -1 }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
