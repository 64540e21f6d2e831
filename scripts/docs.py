#!/usr/bin/env python3
"""Writes docs/contract.md from what `windtunnel contract` knows. Run by `make docs`."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = """# The clauses of the contract

Written by `make docs`: change the clauses, not this page. `windtunnel contract ID` explains one: what it requires, why, what a
breach looks like, how to mend it, an example that fails and one that passes. A clause that is not judged yet stands in every
report as `not_testable`, `not_built`.

| id | level | judged | what holds |
| --- | --- | --- | --- |
"""


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build" / "release" / "windtunnel")
    done = subprocess.run([binary, "contract", "--format", "json"], stdout=subprocess.PIPE, check=True)
    rows = [
        f"| {clause['id']} | {clause['level']} | {'yes' if clause['judged'] else 'not yet'} | {clause['title']} |\n"
        for clause in json.loads(done.stdout)["clauses"]
    ]
    (ROOT / "docs" / "contract.md").write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
