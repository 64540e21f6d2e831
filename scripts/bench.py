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
import sys
import tempfile

from benchmark import million, own, peers
from benchmark.own import ROOT, Bench
from benchmark.report import report, text
from benchmark.samples import Samples
from machine import machine


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
    parser.add_argument("--python-jobs", type=positive, default=500, help="Python jobs of a round (default 500)")
    parser.add_argument("--own", action="store_true", help="without peers and without the history of a million jobs")
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
        bench = Bench(arguments, binary, tool, folder, Samples())
        history = million.Million(bench)
        others = peers.Peers(bench)
        wanted = own.FIGURES if arguments.own else own.FIGURES + peers.FIGURES + million.FIGURES
        for number in range(arguments.rounds):
            print("round %d of %d" % (number + 1, arguments.rounds), file=sys.stderr)
            figures = bench.round(number)
            if not arguments.own:
                others.round(figures)
                history.round()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result = report(bench, wanted, about, arguments.rounds)
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
