"""What the guest process says of itself, for the clauses about etiquette."""

import gc
import os
import threading

from . import capture

PRINTED_MAX = 1 << 20


def state(session):
    capture.flush()
    gc.collect()  # what only waits for the collector has not leaked
    return {
        "threads": threads(),
        "sockets": _sockets(session.channel),
        "temporaryFiles": _files(session.temporary_folder),
        "printedToStdout": session.imported[0] + printed(session.standard_output),
        "printedToStderr": session.imported[1] + printed(session.standard_error),
        "logLines": capture.lines(),
    }


def threads():
    """All threads of the process, also those that Python does not know."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _sockets(channel):
    """Open sockets, without the one to the harness."""
    count = 0
    try:
        descriptors = os.listdir("/proc/self/fd")
    except OSError:
        return 0
    for descriptor in descriptors:
        try:
            count += os.readlink("/proc/self/fd/" + descriptor).startswith("socket:")
        except OSError:
            pass
    return max(0, count - 1) if channel is not None else count


def shared_descriptors():
    """Sockets, pipes, epolls, eventfds and their like: what a fork would share with its parent and its siblings, by number."""
    found = {}
    try:
        descriptors = os.listdir("/proc/self/fd")
    except OSError:
        return found
    for descriptor in descriptors:
        try:
            kind = os.readlink("/proc/self/fd/" + descriptor)
        except OSError:
            continue
        if kind.startswith(("socket:", "pipe:", "anon_inode:")):
            found[int(descriptor)] = kind
    return found


def _files(folder):
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))


def printed(path):
    try:
        with open(path, "rb") as file:
            return file.read(PRINTED_MAX).decode("utf-8", "replace")
    except OSError:
        return ""
