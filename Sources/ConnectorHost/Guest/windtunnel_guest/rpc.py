"""JSON-RPC 2.0 over a Unix socket, one message a line."""

import json
import os
import socket
import traceback

MESSAGE_BYTES_MAX = 512 << 20


class MethodMissing(Exception):
    """The request names a method that is not served."""


class Refusal(Exception):
    """An answer that is an error on purpose: a kind for programs and one line for people."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind
        self.message = message


class Channel:
    """One connection to the harness. Forked copies of the process lose it, so that its end is the end of this process."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(None)  # the connector may have set a default for all sockets of the process
        self._socket.connect(path)
        self._reader = self._socket.makefile("rb")
        # Not 0 to 2 or the first free number: code that closes "its" low descriptors should not hit ours.
        self._owner = os.getpid()
        os.register_at_fork(after_in_child=self._abandon)

    def fileno(self):
        return self._socket.fileno()

    def send(self, message):
        message["jsonrpc"] = "2.0"
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self._socket.sendall(line.encode("utf-8") + b"\n")

    def close(self):
        self._owner = None
        self._reader.close()
        self._socket.close()

    def serve(self, methods):
        """Answers requests until the harness closes the connection. `methods` maps names to functions of the parameters."""
        while True:
            line = self._reader.readline(MESSAGE_BYTES_MAX)
            if not line.endswith(b"\n"):
                return
            request = json.loads(line)
            self.send(dict(answer(request, methods), id=request.get("id")))

    def _abandon(self):
        if self._owner is not None and self._owner != os.getpid():
            try:
                os.close(self._socket.detach())
            except (OSError, ValueError):
                pass


def answer(request, methods):
    try:
        method = methods.get(request["method"])
        if method is None:
            return {"error": {"code": -32601, "message": "no method %r" % request["method"]}}
        return {"result": method(request.get("params") or {})}
    except Refusal as refusal:
        return {"error": {"code": -32000, "message": refusal.message, "data": {"kind": refusal.kind}}}
    except Exception as error:
        text = traceback.format_exc()
        return {"error": {"code": -32603, "message": "%s: %s" % (type(error).__name__, error), "data": {"traceback": text}}}
