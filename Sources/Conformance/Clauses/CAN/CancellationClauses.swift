/// The clauses on cancel_job.
enum CancellationClauses {
    static let all: [any Clause.Type] = [
        CAN01ReturnsABool.self, CAN02RunningJobIsCancelled.self, CAN03StaysKnown.self, CAN04TreeIsGone.self,
        CAN05PendingNeverStarts.self, CAN06FinishedStaysAsItWas.self, CAN07FinishedGivesFalse.self, CAN08UnknownHarmsNobody.self,
    ]
}
