import Foundation
import Harness

/// Jobs as text for people.
enum JobTable {
    static func list(_ jobs: [JobView], colour: Bool) -> String {
        guard !jobs.isEmpty else { return "no jobs" }
        let rows = jobs.map { [$0.id, $0.status, $0.cause ?? "-", seconds($0.usage?.wallSeconds), dollars($0.cost), $0.createdAt, $0.name.onOneLine] }
        let header = ["ID", "STATUS", "CAUSE", "WALL", "USD (SIM)", "CREATED", "NAME"]
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String], _ tint: (String) -> String) -> String {
            row.indices.map { column in
                let text = column == row.count - 1 ? row[column] : row[column].padding(to: widths[column])
                return column == 1 ? tint(text) : text
            }.joined(separator: "  ")
        }
        return ([line(header) { $0 }] + rows.map { row in line(row) { paint($0, row[1], colour) } }).joined(separator: "\n")
    }

    static func one(_ job: JobView, colour: Bool) -> String {
        var lines = [("id", job.id), ("name", job.name.onOneLine), ("status", paint(job.status, job.status, colour)), ("created", job.createdAt)]
        func add(_ name: String, _ value: String?) { if let value { lines.append((name, value)) } }
        add("started", job.startedAt)
        add("finished", job.finishedAt)
        add("exit code", job.exitCode.map { "\($0)" })
        add("signal", job.signal.map { "\($0)" })
        add("error", job.error.map { "\($0.code): \($0.message.onOneLine)" })
        add("cause", job.cause)
        add("attempt", job.attempt.flatMap { $0 > 1 ? "\($0)" : nil })
        // Measures are there when it has ended.
        if let usage = job.usage, job.cause != nil { lines += measures(usage) }
        if let gpuHours = job.billing?.gpuHours, gpuHours > 0 { add("gpu", "\(decimal(gpuHours, 6)) hours (simulated)") }
        if let cost = job.cost {
            add("cost", "\(dollars(cost)) USD (simulated)")
        } else if job.cause != nil {
            add("cost", "not known: \(job.billing?.reason?.onOneLine ?? "nothing was said")")
        }
        return lines.map { $0.0.padding(to: 11) + "  " + $0.1 }.joined(separator: "\n")
    }

    private static func measures(_ usage: JobView.Usage) -> [(String, String)] {
        func figure(_ text: String?, _ name: String) -> String {
            text ?? "not known" + (usage.unknown?[name].map { ": \($0.onOneLine)" } ?? "")
        }
        func bytes(_ count: Int?, _ name: String) -> String { figure(count.map { "\($0) bytes" }, name) }
        let isProcessorKnown = usage.cpuUserSeconds != nil || usage.cpuSystemSeconds != nil
        let processor = isProcessorKnown ? "\(seconds(usage.cpuUserSeconds)) user, \(seconds(usage.cpuSystemSeconds)) system" : nil
        let rows = [
            ("wall", figure(usage.wallSeconds.map { seconds($0) }, "wall_seconds")), ("cpu", figure(processor, "cpu_user_seconds")),
            ("peak memory", bytes(usage.maxRSSBytes, "max_rss_bytes")), ("read", bytes(usage.readBytes, "read_bytes")),
            ("written", bytes(usage.writtenBytes, "written_bytes")),
        ]
        return rows + (usage.source.map { [("measured by", $0)] } ?? [])
    }

    private static func dollars(_ cost: Double?) -> String { cost.map { decimal($0, 6) } ?? "-" }

    /// With so many places behind the point.
    private static func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

    private static func seconds(_ value: Double?) -> String {
        guard let value else { return "-" }
        let milliseconds = Int((value * 1000).rounded())
        return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())s"
    }

    private static func paint(_ text: String, _ status: String, _ colour: Bool) -> String {
        guard colour else { return text }
        let code =
            switch status {
            case "succeeded": "32"
            case "failed": "31"
            case "cancelled": "33"
            default: "36"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension String {
    /// Control characters as escapes: a job's name must not move the cursor or break the table.
    fileprivate var onOneLine: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
    }

    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
