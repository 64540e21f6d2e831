"""A history of a million jobs: what it costs to start on it, and to read a page of it."""
import os
import sqlite3
import time

from .samples import NotMeasured
from .server import TOKEN, Server

MANY = 1_000_000
FEW = 1_000
READS = 100

FIGURES = [
    ("list_few", "ms", "list of 10, filtered, %d jobs stored: one read" % FEW),
    ("list_many", "ms", "list of 10, filtered, %d jobs stored: one read" % MANY),
    ("list_ratio", "x", "the second against the first"),
    ("ready_many", "ms", "start to ready, %d jobs stored" % MANY),
]


class Million:
    """Two histories, made once and measured in every round."""

    def __init__(self, bench):
        self.bench = bench
        self.states = {}

    def prepare(self):
        for count in (FEW, MANY):
            state = os.path.join(self.bench.folder, "history-%d" % count)
            server = Server(self.bench.binary, state)
            self.bench.load("submit", "--port", server.port, "--token", TOKEN, "--jobs", 8)
            server.stop()
            multiply(os.path.join(state, "history.sqlite"), count)
            self.states[count] = state

    def round(self):
        names = [name for name, _, _ in FIGURES]
        self.bench.samples.measure(names, self.measure)

    def measure(self):
        if not self.states:
            self.prepare()
        seconds = {}
        for count, state in self.states.items():
            server = Server(self.bench.binary, state)
            try:
                if count == MANY:
                    self.bench.samples.add("ready_many", server.ready_milliseconds)
                seconds[count] = self.bench.load(
                    "get", "--port", server.port, "--token", TOKEN, "--path", "/v1/jobs?limit=10&status=failed", "--connections", 1,
                    "--requests", READS)["seconds"]
            finally:
                server.stop()
        self.bench.samples.add("list_few", seconds[FEW] / READS * 1000)
        self.bench.samples.add("list_many", seconds[MANY] / READS * 1000)
        self.bench.samples.add("list_ratio", seconds[MANY] / seconds[FEW])


def multiply(path, count):
    """Copies one stored job with its events until there are so many; every tenth failed. All indexes are kept as they are."""
    database = sqlite3.connect(path)
    try:
        last = database.execute("SELECT MAX(number) FROM jobs").fetchone()[0]
        copied = ["number", "id", "status"]
        others = [row[1] for row in database.execute("PRAGMA table_info(jobs)") if row[1] not in copied + ["name", "idempotency_key"]]
        numbers = "WITH RECURSIVE n(k) AS (SELECT ? UNION ALL SELECT k + 1 FROM n WHERE k < ?) "
        database.execute(
            numbers + "INSERT INTO jobs (number, id, status, name, %s) SELECT k, printf('job-%%016x', k), "
            "CASE WHEN k %% 10 = 0 THEN 'failed' ELSE 'succeeded' END, printf('bench-%%d', k %% 1000), %s FROM n, jobs WHERE number = ?"
            % (", ".join(others), ", ".join("jobs." + name for name in others)), (last + 1, count, last))
        job = database.execute("SELECT id FROM jobs WHERE number = ?", (last,)).fetchone()[0]
        database.execute(
            numbers + "INSERT INTO events (at, job, kind, payload) SELECT at, printf('job-%016x', k), kind, payload FROM n, events WHERE job = ?",
            (last + 1, count, job))
        database.execute("UPDATE tenants SET submissions = ?", (count,))
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise NotMeasured("the history could not be made: %s" % error) from error
    finally:
        database.close()
