import Foundation
import Testing

@testable import JobExecution

@Suite("The journal of a node")
struct JournalTests {
    private let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString)"

    @Test("grows only with what is not forgotten, and loses none of it")
    func compaction() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let journal = try JobJournal(path: path)
        var exit = JobExit(startedAtMilliseconds: 1, endedAtMilliseconds: 2)
        exit.unknown["max_rss_bytes"] = String(repeating: "why ", count: 1000)
        try journal.note(.launched(job: "runs"))
        for number in 1...2000 {
            try journal.note(.launched(job: "job-\(number)"))
            try journal.note(.ended(job: "job-\(number)", exit))
            if number != 1000 { try journal.note(.forgotten(job: "job-\(number)")) }
        }
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(size < 2000 * 4000 / 4)
        let read = JobJournal.read(path)
        #expect(read.keys.sorted() == ["job-1000", "runs"])
        #expect(read["job-1000"]?.exit == exit)
        #expect(read["runs"]?.exit == nil)
        let next = try JobJournal(path: path)
        #expect(next.jobs.keys.sorted() == ["job-1000", "runs"])
    }

    @Test("whatever length of it is left, it has whole steps only, in order")
    func everyCut() throws {
        let whole = path
        let cut = path + "-cut"
        defer { for file in [whole, cut] { try? FileManager.default.removeItem(atPath: file) } }
        let journal = try JobJournal(path: whole)
        var exit = JobExit(startedAtMilliseconds: 1, endedAtMilliseconds: 2)
        exit.exitCode = 7
        try journal.note(.launched(job: "a"))
        try journal.note(.ended(job: "a", exit))
        try journal.note(.launched(job: "b"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        var seen: [[String]] = []
        for count in 0...bytes.count {
            try bytes.prefix(count).write(to: URL(fileURLWithPath: cut))
            let jobs = JobJournal.read(cut)
            let state = jobs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.exit?.exitCode.map { "\($0)" } ?? "-")" }
            if seen.last != state { seen.append(state) }
        }
        #expect(seen == [[], ["a -"], ["a 7"], ["a 7", "b -"]])
    }
}
