/// The clauses on get_job_status.
enum StatusClauses {
    static let all: [any Clause.Type] = [
        STA01ReturnsAMember.self, STA02UnknownID.self, STA03ExitZeroSucceeds.self, STA04CrashFails.self, STA05OnlyForward.self,
        STA06TerminalStays.self, STA07AliveIsNotTerminal.self,
    ]
}
