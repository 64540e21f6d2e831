"""Serves a model: loads `model.py`, then answers POST with what its `predict(payload)` returns. Python 3.9 and newer.

Started as `endpoint_server.py MODEL PORT`. On descriptor 3 it says once how it went, as a line of JSON: `{"port": N}` or `{"error": "..."}`.
"""

import http.server
import importlib.util
import json
import os
import socket
import socketserver
import sys
import threading
import time
import traceback

REPORT = 3
BODY_BYTES_MAX = 64 * 1024 * 1024
TRACEBACK_LINES_MAX = 12
# Of a body that was refused, so much is still taken, and thrown away, for so long.
UNREAD_BYTES_MAX = 1024 * 1024 * 1024
UNREAD_SECONDS_MAX = 30


class Unusable(Exception):
    """A model that can be loaded and not be served."""


class Refusal(Exception):
    """A request that does not reach the model."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


def load(path):
    """Runs the model's file as the module `model`, with its own folder first on the import path; gives its `predict`."""
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location("model", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["model"] = module
    spec.loader.exec_module(module)
    predict = getattr(module, "predict", None)
    if not callable(predict):
        raise Unusable(f"{os.path.basename(path)} defines no function predict(payload)")
    return predict


def reason(error):
    """The last lines of a traceback."""
    if isinstance(error, Unusable):
        return str(error)
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip().splitlines()
    return "\n".join(lines[-TRACEBACK_LINES_MAX:])


def plain(value):
    """What JSON has no word for: arrays and numbers of numpy and its like as lists and numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"predict returned a {type(value).__name__}, which JSON cannot hold")


def no_constant(word):
    """What Python reads, and JSON does not have: NaN and the infinities."""
    raise ValueError(f"{word} is no JSON")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: the second must not wait until the client has confirmed the first.
    disable_nagle_algorithm = True
    predict = None
    one_at_a_time = threading.Lock()
    is_unread = False

    def do_POST(self):
        try:
            if self.path.split("?")[0] != "/":
                raise self.unread(Refusal(404, "not_found", f"there is no {self.path.split('?')[0]} here; POST to /"))
            payload = self.payload()
            try:
                # A model need not know of threads.
                with self.one_at_a_time:
                    answer = json.dumps(Handler.predict(payload), default=plain, allow_nan=False)
            except BaseException as error:
                traceback.print_exc()
                raise Refusal(500, "internal", f"{type(error).__name__}: {error}") from error
            self.send(200, answer)
        except Refusal as refusal:
            self.refuse(refusal)

    def payload(self):
        try:
            return json.loads(self.body(), parse_constant=no_constant)
        except ValueError as error:
            raise Refusal(400, "invalid", f"the body is not valid JSON: {error}") from error
        except RecursionError as error:
            raise Refusal(400, "invalid", "the body is not valid JSON: it is nested too deeply") from error

    def body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit():
            raise self.unread(Refusal(400, "invalid", "Content-Length is no number"))
        if int(length) > BODY_BYTES_MAX:
            raise self.unread(Refusal(413, "too_large", f"the body is larger than {BODY_BYTES_MAX} bytes"))
        return self.rfile.read(int(length))

    def chunks(self):
        parts, total = [], 0
        while True:
            try:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                raise self.unread(Refusal(400, "invalid", "the body's chunks are not valid HTTP/1.1"))
            total += size
            if size < 0 or total > BODY_BYTES_MAX:
                raise self.unread(Refusal(413, "too_large", f"the body is larger than {BODY_BYTES_MAX} bytes"))
            parts.append(self.rfile.read(size))
            self.rfile.readline(64)
            if size == 0:
                return b"".join(parts)

    def unread(self, refusal):
        """Of a body that is not read to its end, the rest must not be taken for the next request."""
        self.close_connection = self.is_unread = True
        return refusal

    def finish(self):
        super().finish()
        if self.is_unread:
            self.drop_rest()

    def drop_rest(self):
        """A client that reads no answer before it has sent everything would find a broken connection in place of the refusal."""
        self.connection.shutdown(socket.SHUT_WR)
        end, taken = time.monotonic() + UNREAD_SECONDS_MAX, 0
        while taken <= UNREAD_BYTES_MAX and time.monotonic() < end:
            self.connection.settimeout(max(0.001, end - time.monotonic()))
            part = self.connection.recv(65536)
            if not part:
                return
            taken += len(part)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.other_method
        raise AttributeError(name)

    def other_method(self):
        self.refuse(self.unread(Refusal(405, "method_not_allowed", f"{self.command} is not allowed here; POST a JSON body")))

    def refuse(self, refusal):
        self.send(refusal.status, json.dumps({"error": {"code": refusal.code, "message": str(refusal)}}))

    def send(self, status, text):
        data = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        if status == 405:
            self.send_header("Allow", "POST")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *arguments):
        """Only what the model itself says is logged."""


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that went away is no error of the model."""


def bind(port):
    """On the wished port where that is free, else on any."""
    try:
        return Server(("127.0.0.1", port), Handler)
    except OSError:
        if port == 0:
            raise
        return Server(("127.0.0.1", 0), Handler)


def say(word):
    os.write(REPORT, (json.dumps(word) + "\n").encode("ascii"))
    os.close(REPORT)


def main(model, port):
    os.set_inheritable(REPORT, False)
    # What was meant for this script only is nothing to the model.
    sys.argv[1:] = []
    sys.path.pop(0)
    try:
        Handler.predict = staticmethod(load(model))
        server = bind(port)
    except BaseException as error:
        say({"error": reason(error)})
        os._exit(1)
    say({"port": server.server_address[1]})
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
