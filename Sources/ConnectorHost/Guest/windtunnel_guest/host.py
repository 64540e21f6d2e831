"""The guest's process: imports the connector once, then forks a process for each session.

Requests of its own connection: `load` imports, `fork` makes a session in a child, `serve` turns this very process into a
session (used where forking is not safe: see `load`), `reap` tells how a child ended.
"""

import faulthandler
import gc
import os
import signal
import sys

from . import capture, loading, neural_choice, state
from .rpc import Channel, Refusal
from .session import Session, leave

# Modules that do not survive a fork.
HOSTILE = ("grpc",)


def main(socket, neural_folder):
    host = Host(Channel(socket), neural_folder)
    capture.install()
    host.channel.serve({"load": host.load, "fork": host.fork, "serve": host.serve, "reap": host.reap})
    leave()


class Host:
    def __init__(self, channel, neural_folder):
        self.channel = channel
        self._neural_folder = neural_folder
        self._dump = None
        self._dump_signal = None

    def load(self, parameters):
        """Chooses the `neural` package, imports the connector, and says whether this process can be forked."""
        self._dump_signal = parameters["signal"]
        self._dump_stacks_to(parameters["dump"])
        before = state.shared_descriptors()
        os.chdir(parameters["folder"])
        place = loading.locate(parameters)
        sys.path.insert(0, place.folder)
        self.contract = neural_choice.choose(self._neural_folder)
        self.place = place
        capture.redirect(*self._output(parameters["dump"]))  # what the import prints is the connector's too
        self.kind = loading.load(place, parameters["class"])
        hostile = [name for name in HOSTILE if name in sys.modules]
        gc.collect()
        gc.freeze()  # children share these pages for longer
        return {
            "version": "%d.%d.%d" % sys.version_info[:3],
            "root": self.place.root or "",
            "threads": state.threads(),
            "hostile": hostile,
            "shared": sorted(kind for number, kind in state.shared_descriptors().items() if before.get(number) != kind),
            "ownNeural": self.contract.own,
        }

    def fork(self, parameters):
        capture.flush()
        pid = os.fork()
        if pid:
            return {"pid": pid}
        try:
            os.setsid()
            die_with_parent()
            self._dump_stacks_to(parameters["dump"])
            self._run(Channel(parameters["socket"]), parameters)
        except BaseException as error:
            os.write(2, ("the session could not start: %r\n" % error).encode())
        os._exit(70)

    def serve(self, parameters):
        """Never answers: the session's own connection is the sign that it serves."""
        self._dump_stacks_to(parameters["dump"])
        self.channel.close()
        self._run(Channel(parameters["socket"]), parameters)

    def reap(self, parameters):
        try:
            pid, status = os.waitpid(parameters["pid"], 0)
        except ChildProcessError:
            raise Refusal("no_child", "no child %d" % parameters["pid"])
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        return {"code": code, "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None}

    def _run(self, channel, parameters):
        capture.flush()
        parameters["imported"] = [state.printed(path) for path in self._imported]
        session = Session(channel, self.place, self.kind, self.contract, parameters)
        channel.serve(session.methods())
        leave()

    def _output(self, dump):
        self._imported = (dump + ".stdout", dump + ".stderr")
        return self._imported

    def _dump_stacks_to(self, path):
        """On a signal the stacks of all threads go to that file, whatever the interpreter is doing."""
        previous, self._dump = self._dump, open(path, "w")
        faulthandler.register(self._dump_signal, file=self._dump, all_threads=True, chain=False)
        faulthandler.enable(file=self._dump)  # a crash leaves its stacks there too
        if previous is not None:
            previous.close()


def die_with_parent():
    """Asks the system to kill this process when the one that forked it dies."""
    parent = os.getppid()
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(70)
