"""What the platform itself costs: jobs, reads, start, memory, checks."""
import json
import os
import subprocess
import time

from .samples import NotMeasured
from .server import SLOTS, TOKEN, Server, memory

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOOD_CONNECTOR = "fixtures/connectors/good/native.py:GoodConnector"
CHECK_SECONDS = 300
IDLE_SECONDS = 0.5

# name, unit, what it is
FIGURES = [
    ("bare_loop", "jobs/s", "sh -c true, bare posix_spawn + wait4, 2 at once"),
    ("jobs", "jobs/s", "the same as jobs over HTTP, stored (FULL), 2 slots, to terminal"),
    ("jobs_ratio", "x", "jobs against the bare loop"),
    ("python_loop", "jobs/s", "python3 -c pass, bare posix_spawn + wait4, 2 at once"),
    ("python_jobs", "jobs/s", "one-line Python jobs over HTTP, stored (FULL), 2 slots, to terminal"),
    ("python_ratio", "x", "Python jobs against the bare loop"),
    ("python_loop_1", "jobs/s", "python3 -c pass, bare posix_spawn + wait4, one after the other"),
    ("python_ratio_1", "x", "Python jobs against that loop"),
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


class Bench:
    def __init__(self, arguments, binary, tool, folder, samples):
        self.arguments = arguments
        self.binary = binary
        self.tool = tool
        self.folder = folder
        self.samples = samples

    def round(self, number):
        """Everything once.

        Returns: the round's jobs and reads a second, by figure; empty where they could not be measured.
        """
        state = os.path.join(self.folder, "state-%d" % number)
        samples = self.samples
        self.own = {}
        bare = samples.measure(["bare_loop", "jobs_ratio"], lambda: self.load("spawn", "--jobs", self.arguments.jobs, "--parallel", SLOTS))
        if bare:
            samples.add("bare_loop", bare["jobs_per_second"])
        server_figures = [name for name, _, _ in FIGURES if name not in ("bare_loop", "python_loop", "python_loop_1", "check", "check_only", "ready_again")]
        samples.measure(server_figures, lambda: self.served(state, bare))
        samples.measure(["ready_again"], lambda: self.start_again(state))
        samples.measure(["check"], lambda: samples.add("check", self.check([])))
        samples.measure(["check_only"], lambda: samples.add("check_only", self.check(["--only", "STA-03"])))
        # The folder stays until the end: some file systems are slow to create files where many have just been deleted.
        return self.own

    def served(self, state, bare):
        server = Server(self.binary, state)
        try:
            self.samples.add("ready", server.ready_milliseconds)
            self.memory(server, "")
            jobs = self.jobs(server, bare)
            self.memory(server, "_after")
            self.reads(server, jobs)
            self.samples.measure(["python_loop", "python_jobs", "python_ratio", "python_loop_1", "python_ratio_1"], lambda: self.python(server))
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
        self.own["jobs"] = jobs["jobs_per_second"]
        self.own["submits"] = jobs["submit_per_second"]
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
        self.own["reads"] = rates[1]

    def python(self, server):
        count = self.arguments.python_jobs
        cold = max(count // 5, SLOTS)
        loop = self.load("spawn", "--program", "python", "--jobs", cold, "--parallel", SLOTS)
        single = self.load("spawn", "--program", "python", "--jobs", cold, "--parallel", 1)
        jobs = self.load("submit", "--port", server.port, "--token", TOKEN, "--program", "python", "--jobs", count)
        self.samples.add("python_loop", loop["jobs_per_second"])
        self.samples.add("python_loop_1", single["jobs_per_second"])
        self.samples.add("python_jobs", jobs["jobs_per_second"])
        self.samples.add("python_ratio", jobs["jobs_per_second"] / loop["jobs_per_second"])
        self.samples.add("python_ratio_1", jobs["jobs_per_second"] / single["jobs_per_second"])

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


def is_report(text):
    try:
        return json.loads(text)["schema"].startswith("windtunnel.report/")
    except (ValueError, KeyError, TypeError):
        return False
