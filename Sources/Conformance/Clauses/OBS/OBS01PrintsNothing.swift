import Recording

enum OBS01PrintsNothing: Clause {
    enum Breach: String, BreachCode {
        case stdout
        case stderr
    }

    static let id = "OBS-01"
    static let probes: [any Probe.Type] = [EtiquetteProbe.self]
    static let page = Page(
        requires: "The connector tells what it does through `logging`. It prints nothing to stdout or stderr by itself, neither when it is imported nor where something goes wrong.",
        why: "stdout belongs to the program that uses the connector: its JSON, its table, its progress bar. What is printed there cannot be turned off.",
        breach: "`print(f\"Error: {e}\")` in an except block, a progress line while polling, `traceback.print_exc()`, a greeting at import.",
        mend: "Use `logger = logging.getLogger(__name__)`, and leave it to the user whether and where it shows.",
        failing: """
            except requests.RequestException as error:
                print(f"request failed: {error}")
                raise CloudException("request failed") from error
            """,
        passing: """
            except requests.RequestException as error:
                logger.warning("request failed: %s", error)
                raise CloudException("request failed") from error
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        for fact in evidence.recordings.flatMap(\.facts) {
            guard case .guest(let state) = fact.body else { continue }
            if !isBlank(state.printedToStdout) { return printed(.stdout, fact) }
            if !isBlank(state.printedToStderr) { return printed(.stderr, fact) }
        }
        let recording = try evidence.recording(EtiquetteProbe.self)
        let end = try recording.guest("at the end").fact
        let refused = try recording.call("status of an unknown job").fact
        return .holds(Witness(end, try recording.call("submit").fact, refused))
    }

    private static func printed(_ breach: Breach, _ fact: Fact) -> Finding<Breach> {
        .breached(
            breach,
            Failure(
                "the connector printed to \(breach.rawValue)", expected: "nothing printed", seen: "text on \(breach.rawValue)",
                facts: [fact]))
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
