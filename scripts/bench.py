#!/usr/bin/env python3
"""What windtunnel costs: medians over whole processes, with the ratios that matter taken within one round. Figures, not pass or fail.

Every round measures every part once, one after the other, on a state folder of its own, so that a machine that becomes slower or faster
meanwhile does so for all of them. docs/benchmark.md says what each part is.

Example: scripts/bench.py --quick --json bench.json
Exit codes: 0 measured, 2 usage, 3 some figure could not be measured (the output says which, and why).
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from machine import machine, noise

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GOOD_CONNECTOR = "fixtures/connectors/good/native.py:GoodConnector"
TOKEN = "bench"
SLOTS = 2
START_SECONDS = 60
CHECK_SECONDS = 300
IDLE_SECONDS = 0.5

# name, unit, what it is, in the order of the report
FIGURES = [
    ("bare_loop", "jobs/s", "sh -c true, bare posix_spawn + wait4, 2 at once"),
    ("jobs", "jobs/s", "the same as jobs over HTTP, stored (FULL), 2 slots, to terminal"),
    ("jobs_ratio", "x", "jobs against the bare loop"),
    ("submit_p50", "ms", "one submission, 8 connections: median"),
    ("submit_p99", "ms", "one submission, 8 connections: 99th percentile"),
    ("empty_route", "req/s", "GET /healthz, 8 connections"),
    ("status_read", "req/s", "GET /v1/jobs/{id} of an ended job, 8 connections"),
    ("status_ratio", "x", "status reads against the empty route"),
    ("ready", "ms", "start to ready, new state folder"),
    ("ready_again", "ms", "start to ready, with the history of the jobs above"),
    ("engine_rss", "MB", "engine, resident, idle after start"),
    ("engine_pss", "MB", "engine, its share of what is resident, idle after start"),
    ("engine_rss_after", "MB", "engine, resident, idle after the jobs"),
    ("engine_pss_after", "MB", "engine, its share, idle after the jobs"),
    ("node_rss", "MB", "node, resident, idle after start"),
    ("node_pss", "MB", "node, its share, idle after start"),
    ("node_rss_after", "MB", "node, resident, idle after the jobs"),
    ("node_pss_after", "MB", "node, its share, idle after the jobs"),
    ("check", "s", "check of the good connector, every clause"),
    ("check_only", "s", "check of the good connector, --only STA-03"),
]


class NotMeasured(Exception):
    """Why a part gave no figure, in one line."""


class Samples:
    """What was measured, by figure; and for what could not be, the first reason."""

    def __init__(self):
        self.values = {}
        self.reasons = {}
        self.notes = []

    def add(self, name, value):
        if value is not None:
            self.values.setdefault(name, []).append(value)

    def measure(self, names, part):
        """Runs a part that fills the figures of those names; what it cannot measure is remembered with the reason."""
        try:
            return part()
        except (NotMeasured, subprocess.TimeoutExpired, OSError) as error:
            for name in names:
                self.reasons.setdefault(name, str(error))
            return None

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)


class Server:
    """`windtunnel serve`, from the start of the process to its clean stop."""

    def __init__(self, binary, state):
        self.log = open(state + ".log", "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "serve", "--format", "json", "--state", state, "--durability", "full", "--slots", str(SLOTS), "--token", TOKEN],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL)
        watchdog = threading.Timer(START_SECONDS, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        self.ready_milliseconds = (time.monotonic() - begin) * 1000
        watchdog.cancel()
        if not line:
            self.process.wait()
            self.close()
            raise NotMeasured("the server did not start: " + last_line(state + ".log"))
        self.port = json.loads(line)["endpoint"].rsplit(":", 1)[1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.close()

    def close(self):
        self.process.stdout.close()
        self.log.close()

    def node_pid(self):
        """The child that is `windtunnel node`."""
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/children" % (self.process.pid, task), encoding="ascii") as file:
                for pid in file.read().split():
                    with open("/proc/%s/cmdline" % pid, "rb") as command:
                        if b"node" in command.read().split(b"\0")[1:2]:
                            return int(pid)
        raise NotMeasured("the server has no child that is a node")


def last_line(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def memory(pid):
    """Resident and proportional megabytes; the second is None where the system does not tell."""
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        resident = kilobytes(file, "VmRSS:")
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
            proportional = kilobytes(file, "Pss:")
    except OSError:
        proportional = None
    return resident, proportional


def kilobytes(lines, name):
    for line in lines:
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / 1e6
    return None


class Bench:
    def __init__(self, arguments, binary, tool, folder):
        self.arguments = arguments
        self.binary = binary
        self.tool = tool
        self.folder = folder
        self.samples = Samples()

    def round(self, number):
        state = os.path.join(self.folder, "state-%d" % number)
        samples = self.samples
        bare = samples.measure(["bare_loop", "jobs_ratio"], lambda: self.load("spawn", "--jobs", self.arguments.jobs, "--parallel", SLOTS))
        if bare:
            samples.add("bare_loop", bare["jobs_per_second"])
        server_figures = [name for name, _, _ in FIGURES if name not in ("bare_loop", "check", "check_only", "ready_again")]
        samples.measure(server_figures, lambda: self.served(state, bare))
        samples.measure(["ready_again"], lambda: self.start_again(state))
        samples.measure(["check"], lambda: samples.add("check", self.check([])))
        samples.measure(["check_only"], lambda: samples.add("check_only", self.check(["--only", "STA-03"])))
        # The folder stays until the end: some file systems are slow to create files where many have just been deleted.

    def served(self, state, bare):
        server = Server(self.binary, state)
        try:
            self.samples.add("ready", server.ready_milliseconds)
            self.memory(server, "")
            jobs = self.jobs(server, bare)
            self.memory(server, "_after")
            self.reads(server, jobs)
        finally:
            server.stop()

    def start_again(self, state):
        server = Server(self.binary, state)
        self.samples.add("ready_again", server.ready_milliseconds)
        server.stop()

    def memory(self, server, suffix):
        time.sleep(IDLE_SECONDS)
        for who, pid in (("engine", lambda: server.process.pid), ("node", server.node_pid)):
            names = ["%s_%s%s" % (who, kind, suffix) for kind in ("rss", "pss")]
            figures = self.samples.measure(names, lambda: memory(pid()))
            for name, value in zip(names, figures or ()):
                self.samples.add(name, value)
                if value is None:
                    self.samples.reasons.setdefault(name, "the system does not tell it")

    def jobs(self, server, bare):
        jobs = self.load("submit", "--port", server.port, "--token", TOKEN, "--jobs", self.arguments.jobs)
        self.samples.add("jobs", jobs["jobs_per_second"])
        if bare:
            self.samples.add("jobs_ratio", jobs["jobs_per_second"] / bare["jobs_per_second"])
        self.samples.add("submit_p50", jobs["submit_p50_milliseconds"])
        self.samples.add("submit_p99", jobs["submit_p99_milliseconds"])
        return jobs

    def reads(self, server, jobs):
        # There and back, so that a server that warms up favours neither.
        paths = ["/healthz", "/v1/jobs/" + jobs["a_job"]]
        seconds = {path: 0.0 for path in paths}
        for path in paths + paths[::-1]:
            seconds[path] += self.load(
                "get", "--port", server.port, "--token", TOKEN, "--path", path, "--requests", self.arguments.requests)["seconds"]
        rates = [2 * self.arguments.requests / seconds[path] for path in paths]
        self.samples.add("empty_route", rates[0])
        self.samples.add("status_read", rates[1])
        self.samples.add("status_ratio", rates[1] / rates[0])

    def load(self, *words):
        """One run of the measuring tool."""
        result = subprocess.run([self.tool, *map(str, words)], capture_output=True, text=True, timeout=CHECK_SECONDS)
        if result.returncode != 0:
            raise NotMeasured((result.stderr.strip().splitlines() or ["%s ended with %d" % (words[0], result.returncode)])[-1])
        return json.loads(result.stdout)

    def check(self, options):
        """Seconds of one `windtunnel check`. What it finds is not judged here, but told where it is not a clean pass."""
        begin = time.monotonic()
        result = subprocess.run(
            [self.binary, "check", GOOD_CONNECTOR, "--format", "json", *options], cwd=ROOT, capture_output=True, text=True,
            timeout=CHECK_SECONDS)
        seconds = time.monotonic() - begin
        if not is_report(result.stdout):
            raise NotMeasured((result.stderr.strip().splitlines() or ["check ended with %d" % result.returncode])[-1])
        if result.returncode != 0:
            self.samples.note("%s ended with exit code %d, so its seconds are not those of a clean pass"
                              % (" ".join(["check"] + options), result.returncode))
        return seconds


def is_report(text):
    try:
        return json.loads(text)["schema"].startswith("windtunnel.report/")
    except (ValueError, KeyError, TypeError):
        return False


def report(bench, machine, rounds):
    figures = []
    for name, unit, what in FIGURES:
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


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("'%s' is not a whole number above 0" % text)
    return int(text)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        epilog="Exit codes: 0 measured, 2 usage, 3 some figure could not be measured.")
    parser.add_argument("--rounds", type=positive, default=5, help="how often everything is measured (default 5)")
    parser.add_argument("--quick", action="store_true", help="2 rounds")
    parser.add_argument("--jobs", type=positive, default=1000, help="jobs of a round (default 1000)")
    parser.add_argument("--requests", type=positive, default=10000, help="reads of each kind, twice a round (default 10000)")
    parser.add_argument("--json", metavar="FILE", help="write the report there too, with every sample; - for standard output alone")
    parser.add_argument("windtunnel", nargs="?", default=os.path.join(ROOT, ".build", "release", "windtunnel"),
                        help="the binary to measure, with windtunnel-bench beside it (default .build/release/windtunnel)")
    arguments = parser.parse_args()
    arguments.rounds = 2 if arguments.quick else arguments.rounds
    return arguments


def executable(path):
    if not os.access(path, os.X_OK):
        print("bench: there is no %s; 'make bench' builds what is needed" % path, file=sys.stderr)
        sys.exit(2)
    return path


def main():
    arguments = parse()
    binary = executable(os.path.abspath(arguments.windtunnel))
    tool = executable(os.path.join(os.path.dirname(binary), "windtunnel-bench"))
    folder = tempfile.mkdtemp(prefix="windtunnel-bench-")
    try:
        about = machine()
        bench = Bench(arguments, binary, tool, folder)
        for number in range(arguments.rounds):
            print("round %d of %d" % (number + 1, arguments.rounds), file=sys.stderr)
            bench.round(number)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result = report(bench, about, arguments.rounds)
    data = json.dumps(result, indent=1)
    if arguments.json != "-":
        print(text(result))
        if arguments.json:
            with open(arguments.json, "w", encoding="utf-8") as file:
                file.write(data + "\n")
    else:
        print(data)
    return 3 if any("because" in figure for figure in result["figures"]) else 0


if __name__ == "__main__":
    sys.exit(main())
