"""Starts a guest: `python start.py SOCKET`. Nothing of this folder's code stays on the connector's import path.

A worker process of the connector's own (multiprocessing's spawn and forkserver) runs this file once more, as `__mp_main__`.
"""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
_neural_folder = os.path.join(_here, "neural_package")


def _import_own(name):
    import importlib

    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != _here]
    sys.path[:] = [_here] + others
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(_here)


if __name__ == "__main__":
    _socket = sys.argv[1]
    sys.argv = ["windtunnel"]  # a connector may name the program that calls it
    _import_own("windtunnel_guest.host").main(_socket, _neural_folder)
elif _neural_folder in sys.path:
    _import_own("windtunnel_guest.neural_choice").provide(_neural_folder)
