import Simulation

extension Serving.Options {
    /// Takes `running-jobs=2,cpu-seconds=10,cost=1.5`: what each tenant may use that has no quota of its own.
    ///
    /// - Throws: ``UsageError``, naming what is wrong and what would be right.
    public mutating func setQuota(_ option: String) throws { quota = try Quota(option: option) }
}

extension Quota {
    fileprivate init(option text: String) throws {
        self.init()
        var given: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let name = pair.first ?? ""
            guard given.insert(name).inserted else { throw UsageError("--quota has \(name) twice; give it once") }
            let number = pair.count == 2 ? Double(pair[1]).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } : nil
            switch (name, number) {
            case ("running-jobs", let number?):
                guard let count = Int32(exactly: number).map({ Int($0) }) else {
                    throw UsageError("--quota running-jobs is \(pair[1]); it must be a whole number, 0 to \(Int32.max)")
                }
                runningJobs = count
            case ("cpu-seconds", let number?): cpuSeconds = number
            case ("cost", let number?): cost = number
            case ("running-jobs", nil), ("cpu-seconds", nil), ("cost", nil):
                throw UsageError("--quota \(name) must have a number, 0 or more: \(name)=2")
            default:
                throw UsageError("--quota has no '\(part)'; it is running-jobs=2,cpu-seconds=10,cost=1.5, or some of these")
            }
        }
    }
}
