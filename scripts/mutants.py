#!/usr/bin/env python3
"""Judges every mutant by every clause: each must be killed by its own clause, with its own breach code.

    scripts/mutants.py [PATH OF windtunnel] [ID or FAMILY...]

Prints a line for each mutant, with the other clauses that it breaks too. Exit code 1 when one survives.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "fixtures" / "connectors" / "mutants"
CHECK_SECONDS_MAX = 300


def breaches(binary, file):
    """The breach codes that a check of the mutant finds; None where there was no report."""
    done = subprocess.run(
        [binary, "check", f"{file.relative_to(ROOT)}:Mutant", "--format", "json", "--quiet", "--seed", "1"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=CHECK_SECONDS_MAX, check=False,
    )
    try:
        clauses = json.loads(done.stdout)["clauses"]
    except (ValueError, KeyError):
        print(done.stderr.decode("utf-8", "replace").strip(), file=sys.stderr)
        return None
    # An INFO clause that does not hold is noted, with its breach code.
    return [clause["breach"] for clause in clauses if clause["breach"]]


def main():
    arguments = sys.argv[1:]
    binary = str(pathlib.Path(arguments[0]).resolve()) if arguments else str(ROOT / ".build" / "release" / "windtunnel")
    wanted = arguments[1:]
    survivors = 0
    # Those in own_neural/ bring a package `neural` of their own.
    for file in sorted(MUTANTS.glob("*.py")) + sorted(MUTANTS.glob("own_neural/*.py")):
        name = re.fullmatch(r"([A-Z]+)-([0-9]{2})-(.+)", file.stem)
        if not name or (wanted and name[1] not in wanted and f"{name[1]}-{name[2]}" not in wanted):
            continue
        own = f"{name[1]}-{name[2]}/{name[3]}"
        found = breaches(binary, file)
        killed = found is not None and own in found
        survivors += not killed
        others = [code for code in found or [] if code != own]
        print(f"{'killed  ' if killed else 'SURVIVED'}  {own:<40} {'also ' + ', '.join(others) if others else ''}".rstrip(), flush=True)
    print("every mutant is killed" if survivors == 0 else f"{survivors} mutants survive")
    return 0 if survivors == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
