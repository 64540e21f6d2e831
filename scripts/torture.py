#!/usr/bin/env python3
"""kill -9 of `windtunnel serve` at random moments under load, and what must hold afterwards.

Clients submit jobs, each with an Idempotency-Key of its own and a program that appends one line to the file of that key, so that running
twice is seen. The engine is killed again and again, also while it starts, and started on the same state folder. With --node-kills its nodes
are killed too, now before the engine and now after it. At the end:

  * every acknowledged job is in the history, once, and has ended;
  * every job ran exactly once, and ended with the exit code that its program gave, also when the engine died meanwhile;
  * only what lived while a node was killed may be failed as node_lost instead, and only what asked for retries may have run more often:
    once for each attempt at most;
  * a key that was sent again gives the job that it gave first;
  * after a clean stop no process is left, and `windtunnel history verify` agrees.

Example: scripts/torture.py --rounds 3
Exit codes: 0 it holds, 1 a violation, 2 usage, 3 could not measure. The seed decides what is sent and when the engine is to be killed;
what the machine does meanwhile it cannot decide.
"""
import argparse
import datetime
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENDED = ("succeeded", "failed", "cancelled")
START_SECONDS = 60
RETRIES_MAX = 10
TOKEN = "torture"


class Violation(Exception):
    """What must hold does not, and going on makes no sense."""


def find_binary(given):
    candidates = [given] if given else [os.path.join(ROOT, ".build", mode, "windtunnel") for mode in ("release", "debug")]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return os.path.abspath(candidate)
    print("torture: no windtunnel at %s; build it, or name another" % " or ".join(candidates), file=sys.stderr)
    sys.exit(2)


class NotMeasured(Exception):
    """There was nothing to torture."""


class Engine:
    """The server process on one state folder, started again and again."""

    def __init__(self, binary, state, slots, nodes):
        self.state = state
        self.command = [binary, "serve", "--format", "json", "--state", state, "--durability", "full",
                        "--slots", str(slots), "--nodes", str(nodes), "--token", TOKEN]
        self.log = state + ".log"
        self.process = None
        self.port = None
        self.ready_seconds = []

    def launch(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)

    def await_ready(self):
        begin = time.monotonic()
        watchdog = threading.Timer(START_SECONDS, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        if not line:
            code = self.process.wait()
            raise Violation("the server did not start on its state folder (exit %s): %s" % (code, self.last_words()))
        self.ready_seconds.append(time.monotonic() - begin)
        self.port = int(json.loads(line)["endpoint"].rsplit(":", 1)[1])

    def kill(self):
        self.port = None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def node_pids(self):
        """The nodes that live on the state folder, whether or not the engine does. A child of one that is about to become a job looks like it."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    command = file.read().split(b"\0")
                with open("/proc/%s/stat" % pid, "rb") as file:
                    parent = int(file.read().rpartition(b")")[2].split()[1])
            except OSError:
                continue
            if len(command) > 3 and command[1] == b"node" and command[3].startswith(self.state.encode() + b"/nodes/"):
                found[int(pid)] = parent
        return sorted(pid for pid, parent in found.items() if parent not in found)

    def stop(self):
        """A clean stop; returns the exit code, or None when it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self.port = None
        self.process.stdout.close()
        return code

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            lines = log.read().strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class Client:
    """One keep-alive connection to whatever port the engine has now."""

    def __init__(self, engine):
        self.engine = engine
        self.connection = None
        self.connected_port = None

    def call(self, method, path, body=None, headers=None):
        """Status and JSON, or None when the engine is not there (any more)."""
        port = self.engine.port
        if port is None:
            return None
        if port != self.connected_port:
            self.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            self.connected_port = port
        try:
            self.connection.request(method, path, body, {"Authorization": "Bearer " + TOKEN, **(headers or {})})
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None
        self.connected_port = None


class Job:
    """What is submitted under one key, and what became of it as far as the client knows."""

    def __init__(self, number, seed, files, sleep_seconds, is_held):
        self.key = "key-%d-%06d" % (seed, number)
        self.file = os.path.join(files, self.key)
        self.exit_code = number % 5
        self.sleep_seconds = sleep_seconds
        # One that is held outlives the loss of its node.
        self.retries = RETRIES_MAX if is_held else number % 3
        self.go = self.file + ".go" if is_held else None
        self.id = None

    def body(self):
        code = "echo %s >> %s\n" % (self.key, self.file)
        if self.go:
            code += "while [ ! -e %s ]; do sleep 0.02; done\n" % self.go
        if self.sleep_seconds:
            code += "sleep %.3f\n" % self.sleep_seconds
        code += "exit %d\n" % self.exit_code
        return json.dumps({"code": code, "language": "shell", "labels": {"key": self.key},
                           "resources": {"custom_params": {"retries": self.retries}}}).encode()


class Load:
    """Threads that submit what is given to them, and send each key again until it is acknowledged."""

    def __init__(self, engine, threads):
        self.engine = engine
        self.condition = threading.Condition()
        self.waiting = []
        self.open_count = 0
        self.retries = 0
        self.failures = []
        self.is_done = False
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def give(self, jobs):
        with self.condition:
            self.waiting.extend(jobs)
            self.open_count += len(jobs)
            self.condition.notify_all()

    def run(self):
        client = Client(self.engine)
        while True:
            with self.condition:
                while not self.waiting and not self.is_done:
                    self.condition.wait()
                if not self.waiting:
                    return
                job = self.waiting.pop(0)
            self.submit(client, job)
            with self.condition:
                self.open_count -= 1
                self.condition.notify_all()

    def submit(self, client, job):
        while not self.is_done:
            answer = client.call("POST", "/v1/jobs", job.body(),
                                 {"Idempotency-Key": job.key, "Content-Type": "application/json"})
            if answer is not None and answer[0] == 201:
                job.id = answer[1]["id"]
                return
            if answer is not None and answer[0] != 503:
                self.failures.append("a submission was answered %d: %s" % (answer[0], json.dumps(answer[1])))
                return
            with self.condition:
                self.retries += 1
            time.sleep(0.005)

    def await_all(self, seconds):
        with self.condition:
            return self.condition.wait_for(lambda: self.open_count == 0, seconds)

    def finish(self):
        with self.condition:
            self.is_done = True
            self.condition.notify_all()
        for thread in self.threads:
            thread.join(60)


def plan_jobs(rng, first, count, seed, files):
    """One that runs until it is let go, so that something runs when the engine dies; of the others most are over at once."""
    jobs = []
    for index in range(count):
        dice = rng.random()
        sleep_seconds = 0.3 if dice < 0.05 else 0.05 if dice < 0.15 else 0
        jobs.append(Job(first + index, seed, files, sleep_seconds, is_held=index == 0))
    return jobs


def torture(engine, load, arguments, files, rng):
    """The rounds: load, a random moment, kill, start again. Returns the jobs and the moments of the kills, of engines and of nodes."""
    jobs, kills, early_kills, node_kills = [], [], 0, []
    rounds_of_nodes = [rng.randrange(arguments.rounds) for _ in range(arguments.node_kills)]
    engine.launch()
    try:
        engine.await_ready()
    except Violation as violation:
        raise NotMeasured(str(violation)) from violation
    for number in range(arguments.rounds):
        batch = plan_jobs(rng, len(jobs), arguments.jobs, arguments.seed, files)
        jobs.extend(batch)
        load.give(batch)
        if number % 2 == 0:
            await_file(batch[0].file)
        # Half of the kills come while the jobs are still being submitted and started, however fast that is.
        time.sleep(rng.uniform(0, arguments.longest if rng.random() < 0.5 else min(0.08, arguments.longest)))
        before = [rng.random() < 0.5 for _ in range(rounds_of_nodes.count(number))]
        for _ in range(before.count(True)):
            kill_node(engine, rng, node_kills)
            time.sleep(rng.uniform(0, 0.2))
        kills.append(time.time())
        engine.kill()
        for _ in range(before.count(False)):
            kill_node(engine, rng, node_kills)
        if rng.random() < 0.25:
            # Once more while it starts: what a half-finished start leaves behind must do no harm either.
            engine.launch()
            time.sleep(rng.uniform(0, 0.3))
            kills.append(time.time())
            early_kills += 1
            engine.kill()
        engine.launch()
        engine.await_ready()
        open(batch[0].go, "w").close()
        if load.failures:
            break
        if arguments.verbose:
            print("round %d: %d jobs given, %d acknowledged" % (number + 1, len(jobs), sum(job.id is not None for job in jobs)))
    return jobs, kills, early_kills, node_kills


def kill_node(engine, rng, node_kills):
    """Any of those that live; there is none for a moment when it was killed just before."""
    pids = engine.node_pids()
    if pids:
        node_kills.append(time.time())
        os.kill(rng.choice(pids), signal.SIGKILL)


def await_file(path):
    """Until a job has begun, so that something surely runs when the engine dies. The other rounds may kill it before that."""
    begin = time.monotonic()
    while not os.path.exists(path):
        if time.monotonic() - begin > START_SECONDS:
            raise Violation("a submitted job did not begin within %d s" % START_SECONDS)
        time.sleep(0.005)


def history(client):
    """Every job of the history by id; a job that is listed twice is a violation."""
    found, cursor = {}, None
    while True:
        answer = client.call("GET", "/v1/jobs?limit=1000" + ("&cursor=%s" % cursor if cursor else ""))
        if answer is None or answer[0] != 200:
            raise Violation("the list of jobs was answered %s" % (answer,))
        for job in answer[1]["jobs"]:
            if job["id"] in found:
                raise Violation("job %s is listed twice" % job["id"])
            found[job["id"]] = job
        cursor = answer[1]["next_cursor"]
        if cursor is None:
            return found


def await_end(client, seconds):
    """Waits until every job has ended, as long as any goes on; names what is stuck."""
    begin, last, open_jobs = time.monotonic(), None, []
    while True:
        open_jobs = []
        for status in ("running", "pending"):
            answer = client.call("GET", "/v1/jobs?limit=1000&status=" + status)
            if answer is None or answer[0] != 200:
                raise Violation("the list of jobs was answered %s" % (answer,))
            open_jobs += [(job["id"], job["status"]) for job in answer[1]["jobs"]]
        if not open_jobs:
            return
        if open_jobs != last:
            begin, last = time.monotonic(), open_jobs
        if time.monotonic() - begin > seconds:
            raise Violation("%d jobs do not move for %d s, the first ones: %s" % (len(open_jobs), seconds, open_jobs[:5]))
        time.sleep(0.05)


def check_jobs(jobs, found, node_kills):
    """Violations of acknowledged jobs, one line each."""
    problems, by_key = [], {}
    for record in found.values():
        by_key.setdefault(record["labels"].get("key"), []).append(record["id"])
    for job in jobs:
        if job.id is None:
            continue
        record = found.get(job.id)
        lines = read_lines(job.file)
        if record is None:
            problems.append("%s (%s) was acknowledged and is not in the history" % (job.id, job.key))
            continue
        if by_key[job.key] != [job.id]:
            problems.append("%s is in the history as %s" % (job.key, ", ".join(by_key[job.key])))
        is_hit = lived_at(record, node_kills)
        is_lost = record["status"] == "failed" and (record["error"] or {}).get("code") == "node_lost"
        least, most = 0 if is_lost and is_hit else 1, 1 + (job.retries if is_hit else 0)
        if set(lines) - {job.key} or not least <= len(lines) <= most:
            problems.append("%s (%s) ran %d times (history: %s)" % (job.id, job.key, len(lines), summary(record)))
        if is_lost and is_hit:
            continue
        if record["exit_code"] != job.exit_code or record["status"] != ("failed" if job.exit_code else "succeeded"):
            problems.append("%s (%s) gave exit code %d, the history says %s" % (job.id, job.key, job.exit_code, summary(record)))
    return problems


def lived_at(record, kills):
    """Whether the job was there at one of these moments: not before it was submitted, nor well after its end."""
    created, finished = moment(record["created_at"]), moment(record["finished_at"])
    return finished is not None and any(created - 0.01 <= kill <= finished + 0.01 for kill in kills)


def read_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def summary(record):
    return "%s, exit code %s, signal %s, error %s, started %s, finished %s" % tuple(
        json.dumps(record[field]) for field in ("status", "exit_code", "signal", "error", "started_at", "finished_at"))


def check_keys(client, jobs, rng):
    """A key sent again gives the same job; the check of the files afterwards sees whether it ran again."""
    problems = []
    acknowledged = [job for job in jobs if job.id is not None]
    for job in rng.sample(acknowledged, min(20, len(acknowledged))):
        answer = client.call("POST", "/v1/jobs", job.body(), {"Idempotency-Key": job.key, "Content-Type": "application/json"})
        if answer is None or answer[0] not in (200, 201) or answer[1]["id"] != job.id:
            problems.append("%s gave %s first, and now %s" % (job.key, job.id, answer))
    return problems


def survivors(found, kills):
    """How many jobs ran, and how many waited, at the moment of a kill."""
    ran = waited = 0
    for record in found.values():
        created, started, finished = (moment(record[field]) for field in ("created_at", "started_at", "finished_at"))
        if started is None or finished is None:
            continue
        ran += any(started < kill < finished for kill in kills)
        waited += any(created < kill < started for kill in kills)
    return ran, waited


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None


def leftovers(state, files):
    """Processes of this run: jobs by their environment, the node by its command line."""
    left = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open("/proc/%s/environ" % name, "rb") as file:
                environment = file.read()
            with open("/proc/%s/cmdline" % name, "rb") as file:
                command = file.read()
        except OSError:
            continue
        is_job = b"WINDTUNNEL_JOB_ID=" in environment and state.encode() in environment
        if is_job or state.encode() in command or files.encode() in command:
            left.append((int(name), command.replace(b"\0", b" ").decode(errors="replace").strip()))
    return left


def run(arguments, binary, folder):
    state, files = os.path.join(folder, "state"), os.path.join(folder, "files")
    os.mkdir(files)
    rng = random.Random(arguments.seed)
    engine = Engine(binary, state, arguments.slots, arguments.nodes)
    load = Load(engine, arguments.threads)
    problems = []
    try:
        jobs, kills, early_kills, node_kills = torture(engine, load, arguments, files, rng)
        if not load.await_all(120):
            problems.append("after the last start some submissions were not acknowledged within 120 s")
        load.finish()
        problems += load.failures
        client = Client(engine)
        await_end(client, 60)
        problems += check_keys(client, jobs, rng)
        await_end(client, 60)
        found = history(client)
        problems += check_jobs(jobs, found, node_kills)
        client.close()
        code = engine.stop()
        if code != 0:
            problems.append("a clean stop ended with %s, not exit code 0: %s" % (code, engine.last_words()))
        problems += ["process %d is left after a clean stop: %s" % left for left in leftovers(state, files)]
        verify = subprocess.run([binary, "history", "verify", "--state", state], capture_output=True, text=True)
        if verify.returncode != 0:
            problems.append("history verify: %s" % (verify.stdout + verify.stderr).strip())
    except Violation as violation:
        return problems + load.failures + [str(violation)], None
    finally:
        load.is_done = True
        clean_up(engine, state, files)
    ran, waited = survivors(found, kills)
    return problems, {
        "kills": len(kills), "kills_while_starting": early_kills, "kills_of_nodes": len(node_kills),
        "node_lost": sum((record["error"] or {}).get("code") == "node_lost" for record in found.values()), "acknowledged": sum(job.id is not None for job in jobs),
        "sent_again": load.retries, "ran_during_a_kill": ran, "waited_during_a_kill": waited,
        "slowest_start_milliseconds": round(max(engine.ready_seconds) * 1000), "verified": verify.stdout.strip(),
    }


def clean_up(engine, state, files):
    """Ends what this run started and nothing else."""
    if engine.process is not None and engine.process.poll() is None:
        engine.stop()
    for pid, _ in leftovers(state, files):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog="Exit codes: 0 it holds, 1 a violation, 2 usage, 3 could not measure.")
    parser.add_argument("--rounds", "--kills", type=int, default=20, help="how often the engine is killed under load (default 20)")
    parser.add_argument("--jobs", type=int, default=100, help="jobs submitted in each round (default 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slots", type=int, default=4, help="of each node (default 4)")
    parser.add_argument("--nodes", type=int, default=1, help="how many nodes (default 1)")
    parser.add_argument("--node-kills", type=int, default=0, help="how often a node is killed as well, in rounds drawn by the seed (default 0)")
    parser.add_argument("--threads", type=int, default=3, help="clients at once (default 3)")
    parser.add_argument("--longest", type=float, default=0.8, help="the longest time from ready to the kill, in seconds")
    parser.add_argument("windtunnel", nargs="?", help="the binary to torture (default: that of .build/release, else of .build/debug)")
    parser.add_argument("--keep", action="store_true", help="keep the state folder even when all holds")
    parser.add_argument("--verbose", action="store_true", help="one line a round")
    arguments = parser.parse_args()
    for name in ("rounds", "jobs", "slots", "nodes", "threads"):
        if getattr(arguments, name) < 1:
            parser.error("--%s must be 1 or more" % name)
    if arguments.node_kills < 0:
        parser.error("--node-kills must be 0 or more")
    return arguments


def main():
    arguments = parse()
    binary = find_binary(arguments.windtunnel)
    folder = tempfile.mkdtemp(prefix="windtunnel-torture-")
    try:
        problems, counts = run(arguments, binary, folder)
    except NotMeasured as reason:
        shutil.rmtree(folder, ignore_errors=True)
        print("torture: %s" % reason, file=sys.stderr)
        return 3
    for name, value in (counts or {}).items():
        print("%-28s %s" % (name.replace("_", " "), value))
    for problem in problems[:20]:
        print("VIOLATION: " + problem)
    if len(problems) > 20:
        print("and %d more" % (len(problems) - 20))
    if problems or arguments.keep:
        print("the state folder is kept: " + folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    if problems:
        print("torture: %d violations, seed %d" % (len(problems), arguments.seed))
        return 1
    if counts["ran_during_a_kill"] == 0:
        print("torture: no job ran while the engine died, so nothing is shown; try more rounds")
        return 3
    print("torture: it holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
