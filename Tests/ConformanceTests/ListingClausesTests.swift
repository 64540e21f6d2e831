import Recording
import Testing

@testable import Conformance

@Suite("Clauses on list_jobs")
struct ListingClausesTests {
    /// A list_jobs made by hand, over the jobs newest first: what it returns for a limit and a filter (as it was passed).
    typealias Lister = (_ jobs: [Row], _ limit: Int, _ filter: Value?) -> Outcome

    struct Row {
        var id: String
        var name: String
        var status: Status
    }

    private static func good(_ jobs: [Row], _ limit: Int, _ filter: Value?) -> Outcome {
        let wanted = Status(listed: filter)
        return rows(Array(jobs.filter { filter == nil || $0.status == wanted }.prefix(max(0, limit))))
    }

    private static func rows(_ jobs: [Row]) -> Outcome {
        .returned(
            .list(
                jobs.map {
                    .dict([
                        Value.Pair("job_id", .string($0.id)), Value.Pair("status", .string($0.status.rawValue)),
                        Value.Pair("name", .string($0.name)),
                    ])
                }))
    }

    private static func changed(_ outcome: Outcome, _ change: ([Value]) -> [Value]) -> Outcome {
        outcome.value?.items.map { .returned(.list(change($0))) } ?? outcome
    }

    /// The first job, found in the list.
    private static var first: Story {
        var story = Story(FirstJobProbe.self)
        story.submit("submit", "job-0", program(0))
        story.call("list", .listJobs, .rows((id: "job-0", status: .succeeded)))
        return story
    }

    private static func program(_ number: Int) -> Program {
        Program.printing("wt" + String(repeating: "0", count: 14) + (number < 10 ? "0\(number)" : "\(number)"))
    }

    /// What the listing probe would record of a connector with this list_jobs.
    private func story(gap: Double = 0.01, status: Status = .failed, live: Bool = true, _ lister: Lister = good) -> Story {
        var story = Story(ListingProbe.self)
        var jobs: [Row] = []
        func truths() -> [JobTruth] {
            jobs.enumerated().map { JobTruth($1.status, code: Self.program($0 + 1).code, name: $1.name) }
        }
        func submit(_ status: Status) {
            let number = jobs.count + 1
            jobs.append(Row(id: "job-\(number)", name: "name-\(number)", status: status))
            story.submit("submit \(number)", "job-\(number)", Self.program(number), name: "name-\(number)", at: Double(number) * gap)
        }
        func list(_ label: String, _ limit: Int? = nil, _ filter: Value? = nil) {
            let outcome = lister(jobs.reversed(), limit ?? 10, filter)
            let limit = limit.map { [Call.Argument("limit", .int($0))] } ?? []
            if let only = limit.first {
                story.call(label, .listJobs, outcome, only, Call.Argument("status_filter", filter ?? Value.none), mustReturn: false)
            } else {
                story.call(label, .listJobs, outcome, mustReturn: false)
            }
        }
        func filters(_ phase: FilterPhase, _ form: FilterForm) -> FilterForm {
            for status in phase.statuses { list(phase.label(status, form), 50, form.argument(status)) }
            guard form == .member, !FilterReading.works(.member, in: phase, story.recording) else { return form }
            for status in phase.statuses { list(phase.label(status, .value), 50, FilterForm.value.argument(status)) }
            return .value
        }

        submit(.failed)
        for _ in 2...12 { submit(.succeeded) }
        story.jobs("jobs at rest", truths())
        list("list by default")
        list("list of 3", 3)
        list("list of all", 50)
        list("list of 0", 0)
        list("list of -1", -1)
        let form = filters(.atRest, .member)
        list("failed jobs, at most 2", 2, form.argument(.failed))
        list(ListingProbe.fewSucceeded, 2, form.argument(.succeeded))
        list(ListingProbe.noneFiltered, 0, form.argument(.succeeded))
        for (label, id, shown) in [("failed", "job-1", status), ("newest", "job-12", .succeeded)] {
            story.call("status of the \(label) job", .getJobStatus, .gave(shown), Call.Argument("job_id", .string(id), positional: true))
        }
        list("list at rest", 50)
        guard live else { return story }
        submit(.running)
        submit(.pending)
        story.jobs("live jobs", truths())
        list(ListingProbe.liveList, 50)
        let liveForm = filters(.live, form)
        jobs[12].status = .cancelled
        story.jobs("running job ended", truths())
        _ = filters(.cancelled, liveForm)
        story.call(
            ListingProbe.cancelledStatus, .getJobStatus, .gave(.cancelled), Call.Argument("job_id", "job-13", positional: true),
            mustReturn: false)
        list(ListingProbe.lastList, 50)
        return story
    }

    /// Four jobs of one name, and which of them are listed; nil where the list is refused.
    private static func namesakes(_ listed: [Int]? = [4, 3, 2, 1]) -> Story {
        var story = Story(SameNameProbe.self)
        for (place, label) in SameNameProbe.submissions.enumerated() { story.submit(label, "job-\(place + 1)", program(place + 1), name: "name") }
        story.jobs(SameNameProbe.ended, (1...4).map { JobTruth(.succeeded, code: program($0).code, name: "name") })
        story.call(SameNameProbe.list, .listJobs, numbered(listed), mustReturn: false)
        return story
    }

    /// The oldest of a long history failed, and is filtered for; then these are listed with a limit of several pages.
    private static func history(
        _ listed: Outcome = .rows((id: "job-1", status: .failed)), _ form: FilterForm = .member, far: [Int]? = Array(2...251)
    ) -> Story {
        var story = Story(LongHistoryProbe.self)
        story.submit("submit", "job-1", program(1))
        story.jobs("oldest job ended", JobTruth(.failed))
        story.call(
            LongHistoryProbe.label(form), .listJobs, listed, Call.Argument("status_filter", form.argument(.failed)), mustReturn: false)
        story.call(LongHistoryProbe.farList, .listJobs, numbered(far), mustReturn: false)
        return story
    }

    private static func numbered(_ numbers: [Int]?) -> Outcome {
        numbers.map { .rows($0.map { (id: "job-\($0)", status: .succeeded) }) } ?? .raised("ValueError")
    }

    private func all(_ story: Story) throws -> [String] {
        [
            try finding(LST01ListsDicts.self, story), try finding(LST02RowsHaveIDAndStatus.self, story),
            try finding(LST03OneKindOfStatus.self, story), try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(), story),
            try finding(LST05FilterMatches.self, story), try finding(LST06FilterBeforeLimit.self, story, Self.history()),
            try finding(LST07NewestFirst.self, story), try finding(LST08AgreesWithStatus.self, story),
            try finding(LST09RowsHaveTheName.self, story),
        ]
    }

    private let goodFindings = ["holds", "holds", "noted", "holds", "holds", "holds", "holds", "holds", "holds"]

    @Test("Every clause holds for a good list_jobs")
    func goodOne() throws { #expect(try all(story()) == goodFindings) }

    @Test("Members instead of strs in the rows, extra keys, and a ValueError for a limit of 0 are fine")
    func anotherGoodOne() throws {
        let lister: Lister = { jobs, limit, filter in
            guard limit > 0 else { return .raised("ValueError") }
            return Self.changed(Self.good(jobs, limit, filter)) { rows in
                rows.map { row in
                    .dict([
                        Value.Pair("job_id", row["job_id"] ?? Value.none), Value.Pair("name", row["name"] ?? Value.none),
                        Value.Pair("status", Status(listed: row["status"])?.value ?? Value.none), Value.Pair("cost", .double(1)),
                    ])
                }
            }
        }
        #expect(try all(story(lister)) == goodFindings)
    }

    @Test("LST-01 sees other types, too many rows, another default, and nothing at all")
    func listsDicts() throws {
        #expect(try finding(LST01ListsDicts.self, story { _, _, _ in .returned(.none) }) == "not-list")
        #expect(try finding(LST01ListsDicts.self, story { _, _, _ in .returned(.list(["job-1"])) }) == "not-dicts")
        #expect(try finding(LST01ListsDicts.self, story { jobs, _, filter in Self.good(jobs, 100, filter) }) == "too-many")
        let five = story { jobs, limit, filter in Self.good(jobs, limit == 10 ? 5 : limit, filter) }
        #expect(try finding(LST01ListsDicts.self, five) == "wrong-default")
        #expect(try finding(LST01ListsDicts.self, story { _, _, _ in .rows() }) == "empty")
    }

    @Test("LST-02 and LST-03 look at every row")
    func rowsAreWhole() throws {
        let withoutID = story { jobs, limit, filter in Self.changed(Self.good(jobs, limit, filter)) { $0.map { _ in .dict([]) } } }
        #expect(try finding(LST02RowsHaveIDAndStatus.self, withoutID) == "no-job-id")
        let withIntegers = story { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { $0.map { _ in .dict([Value.Pair("job_id", 7)]) } }
        }
        #expect(try finding(LST02RowsHaveIDAndStatus.self, withIntegers) == "job-id-not-str")
        let mixed = story { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { rows in
                rows.map { row in
                    guard row["status"] == .string("failed") else { return row }
                    return .dict([Value.Pair("job_id", row["job_id"] ?? Value.none), Value.Pair("status", Status.failed.value)])
                }
            }
        }
        #expect(try finding(LST03OneKindOfStatus.self, mixed) == "mixed-kinds")
    }

    @Test("LST-04 sees a job that is missing, one that is there twice, and ids of another form")
    func once() throws {
        let missing = story { jobs, limit, filter in Self.good(jobs.filter { $0.status != .failed }, limit, filter) }
        #expect(try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(), missing) == "missing")
        let twice = story { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { Array(($0.prefix(1) + $0).prefix(max(0, limit))) }
        }
        #expect(try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(), twice) == "twice")
        let otherForm = story { jobs, limit, filter in
            Self.good(jobs.map { Row(id: "/" + $0.id, name: $0.name, status: $0.status) }, limit, filter)
        }
        #expect(try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(), otherForm) == "missing")
    }

    @Test("LST-04 wants each of several jobs of one name, once")
    func sameName() throws {
        func found(_ story: Story) throws -> String {
            try finding(LST04EachJobOnce.self, Self.first, story, Self.history(), self.story())
        }
        #expect(try found(Self.namesakes([4])) == "same-name-missing")
        #expect(try found(Self.namesakes([4, 3, 2, 1, 1])) == "twice")
        #expect(try found(Self.namesakes([2, 9, 1, 3, 4])) == "holds")
        // Where the list or the jobs are not to be had, nothing is said.
        #expect(try found(Self.namesakes(nil)) == "holds")
        #expect(try found(Story(SameNameProbe.self)) == "holds")
    }

    @Test("LST-04 looks at a list of several pages, which may be refused, or hold only what the connector submitted")
    func pages() throws {
        func found(_ far: [Int]?) throws -> String {
            try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(far: far), story())
        }
        #expect(try found(Array(942...1001)) == "lost-in-history")
        #expect(try found(Array(902...1001)) == "holds", "a bound of its own")
        // The history is all cancelled: whether such jobs are listed is CAN-03's to say.
        #expect(try found([]) == "holds")
        #expect(try found(Array(2...100) + Array(100...250)) == "pages-overlap")
        #expect(try found([1]) == "holds")
        #expect(try found([1000, 999, 998, 1]) == "holds")
        #expect(try found(nil) == "holds")
    }

    @Test("LST-05 leaves a filtered list that is no list to LST-01")
    func noList() throws {
        let none = story { jobs, limit, filter in
            let found = Self.good(jobs, limit, filter)
            return found.value?.items?.isEmpty == true && limit > 0 ? .returned(.none) : found
        }
        #expect(try finding(LST05FilterMatches.self, none) == "missing")
        #expect(try finding(LST01ListsDicts.self, none) == "not-list")
    }

    @Test("LST-05 takes either form of the filter, if that one works for every status")
    func filter() throws {
        let valueOnly = story { jobs, limit, filter in
            filter?.member == nil ? Self.good(jobs, limit, filter) : .rows()
        }
        #expect(try finding(LST05FilterMatches.self, valueOnly) == "holds")
        #expect(try finding(LST06FilterBeforeLimit.self, valueOnly, Self.history()) == "holds")
        let memberOnly = story { jobs, limit, filter in
            filter?.string == nil ? Self.good(jobs, limit, filter) : .raised("AttributeError")
        }
        #expect(try finding(LST05FilterMatches.self, memberOnly) == "holds")
        let eachForHalf = story { jobs, limit, filter in
            let isMember = filter?.member != nil
            let isFailed = Status(listed: filter) == .failed
            return isMember == isFailed || filter == nil ? Self.good(jobs, limit, filter) : .rows()
        }
        #expect(try finding(LST05FilterMatches.self, eachForHalf) == "matches-missing")
    }

    @Test("LST-05 sees a filter that is ignored, that matches nothing, or that raises, for ended and for live jobs")
    func filterBreaches() throws {
        #expect(try finding(LST05FilterMatches.self, story { jobs, limit, _ in Self.good(jobs, limit, nil) }) == "others-listed")
        let nothing = story { jobs, limit, filter in filter == nil ? Self.good(jobs, limit, nil) : .rows() }
        #expect(try finding(LST05FilterMatches.self, nothing) == "matches-missing")
        let unknown = story { jobs, limit, filter in
            Status(listed: filter) == .unknown ? .raised("ValueError") : Self.good(jobs, limit, filter)
        }
        #expect(try finding(LST05FilterMatches.self, unknown) == "raised")
        let active = story { jobs, limit, filter in
            Status(listed: filter) == .pending
                ? Self.rows(jobs.filter { $0.status == .pending || $0.status == .running }) : Self.good(jobs, limit, filter)
        }
        #expect(try finding(LST05FilterMatches.self, active) == "others-listed")
        #expect(try finding(LST05FilterMatches.self, story(live: false)) == "missing")
    }

    @Test("LST-06 sees a limit that is applied first, which LST-05 does not mind")
    func limitFirst() throws {
        let cut = story { jobs, limit, filter in Self.good(Array(jobs.prefix(max(0, limit))), limit, filter) }
        #expect(try finding(LST06FilterBeforeLimit.self, cut, Self.history()) == "limit-first")
        #expect(try finding(LST05FilterMatches.self, cut) == "holds")
    }

    @Test("LST-06 sees a filter over the newest page alone, in the form that works")
    func history() throws {
        #expect(try finding(LST06FilterBeforeLimit.self, story(), Self.history(.rows())) == "lost-in-history")
        #expect(try finding(LST06FilterBeforeLimit.self, story(), Self.history(.raised("KeyError"))) == "lost-in-history")
    }

    @Test("What holds for ended jobs must hold beside live and cancelled ones")
    func beside() throws {
        let endedOnly = story { jobs, limit, filter in
            Self.good(filter == nil ? jobs.filter(\.status.isTerminal) : jobs, limit, filter)
        }
        #expect(try finding(LST04EachJobOnce.self, Self.first, Self.namesakes(), Self.history(), endedOnly) == "live-missing")
        let one = story { jobs, limit, filter in Self.good(jobs, filter == nil ? limit : min(1, limit), filter) }
        #expect(try finding(LST05FilterMatches.self, one) == "some-matches-missing")
        let both = story { jobs, limit, filter in
            Status(listed: filter) == .failed ? Self.rows(jobs.filter { $0.status == .failed || $0.status == .cancelled }) : Self.good(jobs, limit, filter)
        }
        #expect(try finding(LST05FilterMatches.self, both) == "others-listed")
        let failed = story { jobs, limit, filter in
            Self.good(jobs.map { Row(id: $0.id, name: $0.name, status: $0.status == .cancelled ? .failed : $0.status) }, limit, filter)
        }
        #expect(try finding(LST08AgreesWithStatus.self, failed) == "cancelled-disagrees")
        let unlimited = story { jobs, limit, filter in Self.good(jobs, filter == nil ? limit : 100, filter) }
        #expect(try finding(LST01ListsDicts.self, unlimited) == "too-many")
    }

    @Test("LST-07 wants the newest first, but has no opinion on jobs that may share a millisecond")
    func newest() throws {
        let oldest: Lister = { jobs, limit, filter in Self.changed(Self.good(jobs, limit, filter)) { $0.reversed() } }
        #expect(try finding(LST07NewestFirst.self, story(oldest)) == "not-newest-first")
        #expect(try finding(LST07NewestFirst.self, story(gap: 0.0001, oldest)) == "holds")
        let neighbours: Lister = { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { rows in
                guard rows.count > 1 else { return rows }
                return [rows[1], rows[0]] + rows.dropFirst(2)
            }
        }
        #expect(try finding(LST07NewestFirst.self, story(neighbours)) == "holds")
        let small: Lister = { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { limit == 3 ? $0.reversed() : $0 }
        }
        #expect(try finding(LST07NewestFirst.self, story(small)) == "not-newest-first")
    }

    @Test("LST-07 wants the newest within the limit, whatever the order after that, and also with a filter")
    func newestWithinTheLimit() throws {
        let oldest: Lister = { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit > 0 ? 100 : limit, filter)) { Array($0.suffix(max(0, limit))) }
        }
        #expect(try finding(LST07NewestFirst.self, story(oldest)) == "newer-missing")
        #expect(try finding(LST07NewestFirst.self, story(gap: 0.0001, oldest)) == "holds")
        let filteredOldest: Lister = { jobs, limit, filter in (filter == nil ? Self.good : oldest)(jobs, limit, filter) }
        #expect(try finding(LST07NewestFirst.self, story(filteredOldest)) == "newer-missing")
        let filteredReversed: Lister = { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { filter == nil ? $0 : $0.reversed() }
        }
        #expect(try finding(LST07NewestFirst.self, story(filteredReversed)) == "filtered-not-newest-first")
        // A list that lags by a job, as one that is kept for a moment, keeps the newest that it knows.
        var asked = 0
        let lagging: Lister = { jobs, limit, filter in
            asked += 1
            return Self.good(asked == 1 ? Array(jobs.dropFirst()) : jobs, limit, filter)
        }
        #expect(try finding(LST07NewestFirst.self, story(lagging)) == "holds")
    }

    @Test("LST-08 wants one answer to one question, and nothing for a limit of 0 or below")
    func agrees() throws {
        let wrong = story { jobs, limit, filter in
            Self.good(jobs.map { Row(id: $0.id, name: $0.name, status: $0.status == .failed ? .succeeded : $0.status) }, limit, filter)
        }
        #expect(try finding(LST08AgreesWithStatus.self, wrong) == "disagrees")
        // A status that is wrong by itself is another clause's matter.
        #expect(try finding(LST08AgreesWithStatus.self, story(status: .succeeded)) == "missing")
        let unlimited = story { jobs, limit, filter in Self.good(jobs, limit == 0 ? 100 : limit, filter) }
        #expect(try finding(LST08AgreesWithStatus.self, unlimited) == "limit-ignored")
        let raising = story { jobs, limit, filter in limit < 0 ? .raised("IndexError") : Self.good(jobs, limit, filter) }
        #expect(try finding(LST08AgreesWithStatus.self, raising) == "limit-raised")
        let refusing = story { jobs, limit, filter in limit <= 0 ? .cloudException : Self.good(jobs, limit, filter) }
        #expect(try finding(LST08AgreesWithStatus.self, refusing) == "holds")
        let gathering = story { jobs, limit, filter in Self.good(jobs, limit == 0 && filter != nil ? 100 : limit, filter) }
        #expect(try finding(LST08AgreesWithStatus.self, gathering) == "filtered-limit-ignored")
        // A row without a status is LST-02's to tell.
        let without = story { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { $0.map { .dict([Value.Pair("job_id", $0["job_id"] ?? Value.none)]) } }
        }
        #expect(try finding(LST08AgreesWithStatus.self, without) == "missing")
        #expect(try finding(LST02RowsHaveIDAndStatus.self, without) == "no-status")
    }

    @Test("LST-09 wants the given name, or what the platform was given for it")
    func names() throws {
        func renamed(_ rename: @escaping (String) -> String) -> Story {
            story { jobs, limit, filter in
                Self.good(jobs.map { Row(id: $0.id, name: rename($0.name), status: $0.status) }, limit, filter)
            }
        }
        #expect(try finding(LST09RowsHaveTheName.self, renamed { $0 + "-2" }) == "other-name")
        let nameless = story { jobs, limit, filter in
            Self.changed(Self.good(jobs, limit, filter)) { $0.map { .dict([Value.Pair("job_id", $0["job_id"] ?? Value.none)]) } }
        }
        #expect(try finding(LST09RowsHaveTheName.self, nameless) == "no-name")
    }
}
