import Testing

@testable import Conformance

@Suite("Ids that no job has")
struct AlteredIDTests {
    private static let platformID = "job-0a1b22"

    @Test(
        "digits are altered where they tell one job from another, and nothing else",
        arguments: [
            ("job-0a1b22", "job-1a2b33", "job-1a2b33"), ("job-0a1b22@eu-west-1", "job-1a2b33@eu-west-1", "job-1a2b33"),
            ("job-0a1b22/v1", "job-1a2b33/v1", "job-1a2b33"), ("eu-1:JOB-0A1B22", "eu-1:JOB-1A2B33", "job-1a2b33"),
            // An id of the connector's own making: its last word.
            ("run-7/part-90", "run-7/part-01", "run-7/part-01"), ("run-cafe", "run-dbaf", "run-dbaf"), ("run", "run1", "run1"),
        ])
    func altered(_ id: String, _ text: String, _ asked: String) {
        let altered = AlteredID(id, within: AlteredID.place(of: Self.platformID, in: id), shift: 1)
        #expect(altered.text == text)
        #expect(altered.asked == asked)
    }
}
