"""Starts a guest: `python start.py SOCKET`. Nothing of this folder stays on the connector's import path."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [_here] + [entry for entry in sys.path if os.path.abspath(entry or ".") != _here]

import windtunnel_guest.host  # noqa: E402

sys.path.remove(_here)
sys.argv = [sys.argv[1]]  # what is left is the socket, which `main` takes away too

windtunnel_guest.host.main(os.path.join(_here, "neural_package"))
