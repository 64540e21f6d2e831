"""Keeps what the connector prints and what it logs apart.

Descriptors 1 and 2 lead to files of the session, so C code and subprocesses are caught too. Every record that passes a
logger's own level is kept as a line (the root logger's level is lowered, so that no record is lost); `basicConfig`,
handlers and filters of the connector work as always, except that a handler whose stream leads to descriptor 1 or 2
(`StreamHandler`, the last-resort handler) writes nothing: what is left in the files was printed. A handler of another
design that writes to a console of its own, as that of `rich` does, counts as printing. Warnings go through `logging`.
"""

import collections
import logging
import os
import sys
import threading

from .values import clean

LINES_MAX = 20_000
LINE_MAX = 64 << 10

_lines = collections.deque(maxlen=LINES_MAX)
_formatter = logging.Formatter()


def install():
    logging.getLogger().setLevel(1)
    logging.captureWarnings(True)
    logging.Logger.callHandlers = _keeping(logging.Logger.callHandlers)
    logging.Handler.handle = _quiet_on_console(logging.Handler.handle)
    # Once a thread's or hook's failure is printed by Python itself, it is the connector's thread all the same.
    threading.excepthook = _log_thread_failure


def redirect(standard_output, standard_error):
    """Leads descriptors 1 and 2 to files, which are created anew."""
    for descriptor, path in ((1, standard_output), (2, standard_error)):
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        flush()
        os.dup2(target, descriptor)
        os.close(target)
    _lines.clear()


def flush():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            pass


def lines():
    return list(_lines)


def _keeping(original):
    def callHandlers(self, record):
        _lines.append(_as_line(record))
        original(self, record)

    return callHandlers


def _as_line(record):
    try:
        text = "%s %s: %s" % (record.levelname, record.name, record.getMessage())
        if record.exc_info and record.exc_info[0] is not None:
            text += "\n" + _formatter.formatException(record.exc_info)
        if record.stack_info:
            text += "\n" + record.stack_info
    except Exception as error:
        text = "%s %s: <the record cannot be formatted: %s>" % (record.levelname, record.name, type(error).__name__)
    return clean(text)[:LINE_MAX]


def _quiet_on_console(original):
    def handle(self, record):
        return True if _leads_to_console(self) else original(self, record)

    return handle


def _leads_to_console(handler):
    stream = getattr(handler, "stream", None)
    if stream is None:
        return False
    try:
        return stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__) or stream.fileno() in (1, 2)
    except Exception:
        return False


def _log_thread_failure(failure):
    if failure.exc_type is not SystemExit:
        information = (failure.exc_type, failure.exc_value, failure.exc_traceback)
        logging.getLogger("threading").error("exception in a thread", exc_info=information)
