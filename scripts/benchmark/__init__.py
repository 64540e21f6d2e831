"""The parts of the benchmark, a subject a file; scripts/bench.py runs them."""
