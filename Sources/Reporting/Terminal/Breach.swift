import Conformance
import Recording

/// One clause that does not hold: what was expected and seen, the calls in order, what the platform saw, and how to see it again.
struct Breach {
    let clause: ClauseResult
    let report: Report
    let style: Style

    func lines() -> [String] {
        var lines = heading()
        lines += field("expected", clause.expected.map { [$0] } ?? [], .good)
        lines += field("seen", clause.seen.map { [$0] } ?? [], Mark(clause).tone)
        lines += labelled("calls", calls())
        lines += field("platform", SightText.of(clause.facts, blank: Self.unbreakable))
        lines += field("blocks", blocked())
        lines += field("breach", clause.breach.map { ["\($0), explained by: windtunnel contract \(clause.id)"] } ?? [])
        // Never wrapped: it must work when pasted.
        return lines + [label("replay") + style.paint(OneLine.of(report.replay(clause)), .accent)]
    }

    private func heading() -> [String] {
        let mark = Mark(clause)
        let head = "\(mark.sign) \(clause.id)"
        let level = "  \(clause.level.rawValue)  "
        let margin = head.count + level.count
        let title = Columns.wrap(clause.title, style.width - margin)
        let first = style.paint(head, mark.tone, .strong) + level + (title.first ?? "")
        let rest = title.dropFirst().map { String(repeating: " ", count: margin) + $0 }
        let reason = clause.reason.map { wrapped(OneLine.of($0), style.width - Self.indent) } ?? []
        return [first] + rest + reason.map { String(repeating: " ", count: Self.indent) + style.paint($0, .strong) }
    }

    // MARK: - The calls

    private func calls() -> [String] {
        let steps = clause.facts.compactMap(step)
        let numberWidth = String(steps.count).count
        let room = style.width - Self.margin - numberWidth - 2
        return steps.enumerated().flatMap { index, step in
            let number = Columns.right("\(index + 1)", numberWidth) + "  "
            let blank = String(repeating: " ", count: numberWidth + 2)
            let text = wrapped(step.text, room).enumerated().map { ($0 == 0 ? number : blank) + $1 }
            let details = step.details.map { style.paint(blank + "  " + String($0.prefix(max(0, room - 2))), .quiet) }
            return text + details
        }
    }

    private func step(_ fact: Fact) -> (text: String, details: [String])? {
        switch fact.body {
        case .call(let call): (CallText.of(call), CallText.details(call.outcome))
        case .attribute(let instance, let name, let outcome):
            (CallText.of(attribute: name, of: instance, outcome), CallText.details(outcome))
        case .harness(let step): (OneLine.of(step), [])
        case .jobs, .processes, .requests, .guest, .inspection, .look, .endpoints, .files, .posted, .stopped: nil
        }
    }

    // MARK: - What waits for it

    private func blocked() -> [String] {
        let ids = report.clauses.filter { $0.because == .blocked && $0.blockedBy == clause.id }.map(\.id)
        return ids.isEmpty ? [] : [ClauseList.of(ids)]
    }

    // MARK: - Layout

    private func field(_ name: String, _ texts: [String], _ tone: Style.Tone? = nil) -> [String] {
        labelled(name, texts.flatMap { wrapped(OneLine.of($0), style.width - Self.margin) }.map { line in
            tone.map { style.paint(line, $0) } ?? line
        })
    }

    private func labelled(_ name: String, _ lines: [String]) -> [String] {
        lines.enumerated().map { ($0 == 0 ? label(name) : String(repeating: " ", count: Self.margin)) + $1 }
    }

    private func label(_ name: String) -> String {
        String(repeating: " ", count: Self.indent) + style.paint(Columns.left(name, Self.margin - Self.indent), .quiet)
    }

    private func wrapped(_ text: String, _ room: Int) -> [String] {
        Columns.wrap(text, room).map { $0.replacing(Self.unbreakable, with: " ") }
    }

    /// A blank at which no line is broken; on the page it is a plain one.
    private static let unbreakable = "\u{A0}"
    private static let indent = 2
    private static let margin = 12
}
