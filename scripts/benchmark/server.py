"""The server under measurement: start, stop, memory."""
import json
import os
import signal
import subprocess
import threading
import time

from .samples import NotMeasured

TOKEN = "bench"
SLOTS = 2
START_SECONDS = 60


class Server:
    """`windtunnel serve`, from the start of the process to its clean stop."""

    def __init__(self, binary, state, *options):
        self.log = open(state + ".log", "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "serve", "--format", "json", "--state", state, "--durability", "full", "--slots", str(SLOTS), "--token", TOKEN, *options],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL,
            # Its Python jobs run on the interpreter that the bare loop starts, not on whatever comes first on the user's path.
            env=dict(os.environ, PATH="/usr/bin:/bin"))
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
