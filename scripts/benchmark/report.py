"""The figures as JSON, and as text for people."""
import statistics

from machine import noise


def report(bench, figures_wanted, machine, rounds):
    """The whole of what was measured, as it is written to --json."""
    figures = []
    for name, unit, what in figures_wanted:
        values = bench.samples.values.get(name, [])
        figure = {"name": name, "unit": unit, "what": what, "median": None, "lowest": None, "highest": None, "samples": values}
        if values:
            figure.update(median=statistics.median(values), lowest=min(values), highest=max(values))
        if len(values) < rounds:
            figure["because"] = bench.samples.reasons.get(name, "it was not reached")
        figures.append(figure)
    return {
        "schema": "windtunnel.bench/1", "machine": machine, "rounds": rounds, "jobs": bench.arguments.jobs,
        "requests": bench.arguments.requests, "figures": figures, "notes": noise(machine) + bench.samples.notes,
    }


def text(report):
    machine = report["machine"]
    lines = [
        "%d cores (%s), %.1f GB, %s, Swift %s" % (
            machine["cores"], machine["processor"], machine["memory_gb"], machine["kernel"], machine["swift"] or "unknown"),
        "medians of %d rounds, lowest and highest beside them; %d jobs and %d reads a round" % (
            report["rounds"], report["jobs"], report["requests"]),
        "",
    ]
    width = max(len(figure["what"]) for figure in report["figures"])
    for figure in report["figures"]:
        if figure["median"] is None:
            lines.append("%-*s  not measured: %s" % (width, figure["what"], figure["because"]))
            continue
        lines.append("%-*s  %8s %-6s %8s .. %s" % (
            width, figure["what"], rounded(figure["median"]), figure["unit"], rounded(figure["lowest"]), rounded(figure["highest"])))
    notes = ["note: " + note for note in report["notes"]]
    partial = ["note: %s: measured in %d of %d rounds: %s" % (figure["name"], len(figure["samples"]), report["rounds"], figure["because"])
               for figure in report["figures"] if figure["samples"] and "because" in figure]
    return "\n".join(lines + [""] * bool(notes + partial) + notes + partial)


def rounded(value):
    """Three digits that count, no exponent."""
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 10 else "%.2f" % value
