#!/usr/bin/env python3
"""Checks the same connectors over and over and compares the reports, times aside: a verdict that differs is a flake.

    scripts/soak.py [PATH OF windtunnel] [--times 50] [--quiet-only]

Each connector is checked on a quiet machine, then with a busy loop on every core. Exit code 0 when all reports of a
connector are equal and its verdict is the expected one, 1 when not.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "connectors"
CHECK_SECONDS_MAX = 300
# What may differ between equal runs.
TIMES = {"at", "duration_seconds"}
# A time that the platform told, inside a value or its repr.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


# Each with the verdict and the exit code that it must get.
SUBJECTS = [
    (FIXTURES / "good" / "native.py", "GoodConnector", "conformant", 0),
    (FIXTURES / "mutants" / "CAN-02-not-asked.py", "Mutant", "not conformant", 1),
]


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in TIMES}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    return INSTANT.sub("(a time)", value) if isinstance(value, str) else value


def check(binary, connector):
    """One whole check: exit code, report without times, seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [binary, "check", connector, "--format", "json", "--quiet", "--seed", "1"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=CHECK_SECONDS_MAX, check=False,
    )
    seconds = time.monotonic() - began
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {"no report": done.stderr.decode("utf-8", "replace")[-2000:]}
    return done.returncode, without_times(report), seconds


def differences(left, right, path=""):
    """Where two reports differ, as paths with both values; clauses are named by their id."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in list(left) + [key for key in right if key not in left]:
            yield from differences(left.get(key), right.get(key), f"{path}.{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right)):
            name = one.get("id", index) if isinstance(one, dict) else index
            yield from differences(one, other, f"{path}[{name}]")
    elif left != right:
        yield f"{path.lstrip('.')}: {shown(left)} != {shown(right)}"


def shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "..."


def burn(stop):
    while not stop.is_set():
        for _ in range(100_000):
            pass


class BusyCores:
    """A busy loop on every core, for as long as the block lasts."""

    def __enter__(self):
        self.stop = multiprocessing.Event()
        self.loops = [multiprocessing.Process(target=burn, args=(self.stop,), daemon=True) for _ in range(os.cpu_count() or 1)]
        for loop in self.loops:
            loop.start()

    def __exit__(self, *_):
        self.stop.set()
        for loop in self.loops:
            loop.join()


def soak(binary, connector, times, reference, label):
    """Checks `times` times. The reference, made where there is none, and how many reports differ from it."""
    flakes = 0
    durations = []
    for turn in range(times):
        code, report, seconds = check(binary, connector)
        durations.append(seconds)
        if reference is None:
            reference = (code, report)
        found = list(differences({"exit code": reference[0], **reference[1]}, {"exit code": code, **report}))
        if found:
            flakes += 1
            print(f"  run {turn + 1} differs in {len(found)} places:", *found[:10], sep="\n    ")
    middle = sorted(durations)[len(durations) // 2]
    print(f"  {label}: {times} checks, {flakes} differ; seconds: median {middle:.2f}, longest {max(durations):.2f}", flush=True)
    return reference, flakes


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binary", nargs="?", default=str(ROOT / ".build" / "release" / "windtunnel"))
    parser.add_argument("--times", type=int, default=50, help="checks of each connector, quiet and busy (50)")
    parser.add_argument("--quiet-only", action="store_true", help="leave out the runs with all cores busy")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    if not os.access(binary, os.X_OK):
        parser.error(f"{options.binary} is no program; build it with make build")
    if options.times < 2:
        parser.error("--times must be 2 or more: one report has nothing to be compared with")

    bad = 0
    for file, name, verdict, exit_code in SUBJECTS:
        connector = f"{file.relative_to(ROOT)}:{name}"
        print(connector, flush=True)
        reference, flakes = soak(binary, connector, options.times, None, "quiet")
        bad += flakes
        if not options.quiet_only:
            with BusyCores():
                bad += soak(binary, connector, options.times, reference, "busy")[1]
        code, report = reference
        summary = report.get("summary", {})
        if (summary.get("verdict"), code) != (verdict, exit_code):
            bad += 1
            print(f"  the verdict is {summary.get('verdict')}, exit code {code}; expected {verdict}, {exit_code}", shown(report)[:400])
    print("0 flakes" if bad == 0 else f"{bad} reports are not as they should be")
    return 0 if bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
