import Recording

extension Stage {
    /// The id with some of its digits altered, which no job of the platform has.
    ///
    /// Where the platform's own id is part of it, digits of that part are altered: what stands around it, such as a region, need not
    /// tell one job from another.
    public func unknownID(like id: String) async throws -> String {
        let inside = try await oracle.jobs(of: tenant).lazy.compactMap { AlteredID.place(of: $0.id, in: id) }.first
        for shift in 1...9 {
            let altered = AlteredID(id, within: inside, shift: shift)
            if try await !oracle.knows(job: altered.asked) { return altered.text }
        }
        throw HarnessFault("found no id like \(id) that the platform does not know")
    }

    /// Calls a method with an unknown id, records it under `label`, and returns the id.
    ///
    /// An id that guards itself against mistyping, as by a check sum, is refused with a `ValueError` before the platform is asked: that
    /// is no answer about the job. Then the id of a stranger's job, whole and unknown to this tenant, is taken in its place.
    func callUnknown(_ label: String, _ method: Method, like id: String) async throws -> Call.Argument {
        func argument(_ id: String) -> Call.Argument { Call.Argument("job_id", .string(id), positional: true) }
        let altered = argument(try await unknownID(like: id))
        let before = try await oracle.requests(of: tenant).count
        let reply = await session.call(instance: "main", method: method.rawValue, arguments: [altered], deadline: deadline)
        if let raised = reply.outcome.raised, raised.isA("ValueError"), !raised.isA("CloudException"),
            try await oracle.requests(of: tenant).count == before, let foreign = try await strangersID()
        {
            try await call(label, method, argument(foreign), mustReturn: false)
            return argument(foreign)
        }
        _ = try await record(PlannedCall(label, method, [altered], mustReturn: false), reply)
        return altered
    }

    /// The id of a job that another tenant submitted through an instance of its own; nil where that did not come about.
    private func strangersID() async throws -> String? {
        let stranger = try await oracle.openTenant("\(tenant.name)-stranger")
        let instance = "stranger"
        let made = await session.construct(instance: instance, credentials: stranger.validCredentials, deadline: deadline)
        var id: String?
        if made.outcome.value != nil {
            _ = await session.call(instance: instance, method: Method.authenticate.rawValue, arguments: [], deadline: deadline)
            let code = Call.Argument("code", .string(Program.printing(nonce("stranger")).code))
            let submitted = await session.call(instance: instance, method: Method.submitJob.rawValue, arguments: [code], deadline: deadline)
            id = submitted.outcome.value?.string
        }
        await oracle.closeTenant(stranger)
        return id
    }
}

/// A connector's id with other digits.
struct AlteredID {
    let text: String
    /// What the platform is asked for, as far as that can be told from the id.
    let asked: String

    /// - Parameter within: where the platform's own id stands in it, if it does.
    init(_ id: String, within: Range<Int>? = nil, shift: Int) {
        var characters = Array(id)
        let range = within ?? characters.indices
        let altered = Self.alterable(characters, in: range)
        for index in altered { characters[index] = Self.shifted(characters[index], by: shift) }
        let asked = String(characters[range])
        text = altered.isEmpty ? id + String(shift) : String(characters)
        self.asked = within == nil ? text : asked.lowercased()
    }

    /// Where the platform's id stands in the connector's, in whatever case.
    static func place(of platformID: String, in id: String) -> Range<Int>? {
        let (part, whole) = (platformID.map { $0.lowercased() }, id.map { $0.lowercased() })
        guard !part.isEmpty, part.count <= whole.count else { return nil }
        let start = (0...(whole.count - part.count)).last { Array(whole[$0..<($0 + part.count)]) == part }
        return start.map { $0..<($0 + part.count) }
    }

    /// Up to four digits of the last word, so that its form stays; hexadecimal letters where it has no digits.
    private static func alterable(_ id: [Character], in range: Range<Int>) -> [Int] {
        let lastWord = range.last { !id[$0].isLetter && !id[$0].isNumber }.map { $0 + 1 } ?? range.lowerBound
        let digits = range.filter { $0 >= lastWord && "0123456789".contains(id[$0]) }
        if !digits.isEmpty { return digits.suffix(4) }
        return range.filter { $0 >= lastWord && "abcdefABCDEF".contains(id[$0]) }.suffix(4)
    }

    private static func shifted(_ digit: Character, by shift: Int) -> Character {
        let alphabet: [Character] = digit.isNumber ? Array("0123456789") : Array(digit.isUppercase ? "ABCDEF" : "abcdef")
        let place = alphabet.firstIndex(of: digit) ?? 0
        return alphabet[(place + shift) % alphabet.count]
    }
}
