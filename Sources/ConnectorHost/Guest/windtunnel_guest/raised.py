"""An exception as the harness records it."""

import os
import traceback

from .values import clean, type_name

MESSAGE_MAX = 64 << 10
TRACEBACK_MAX = 256 << 10
CHAIN_MAX = 20

_GUEST = os.path.dirname(os.path.abspath(__file__))


def describe(error, contract, root):
    """The JSON form of an exception. `root` is the folder whose files are the connector's own."""
    try:
        message = str(error)
    except BaseException as failure:
        message = "<str() of it raised %s>" % type(failure).__name__
    lineage = [kind for kind in type(error).__mro__ if kind is not object]
    return {
        "type": type_name(type(error)),
        "bases": [type_name(kind) for kind in lineage],
        "contract": [name for kind in lineage for name, own in contract.exceptions if own is kind],
        "message": clean(message)[:MESSAGE_MAX],
        "causes": [type_name(type(cause)) for cause in _causes(error)],
        "frames": own_frames(error, root),
        "traceback": _text(error),
    }


def outside_guest(error):
    """The traceback from the first frame that is not the guest's."""
    step = error.__traceback__
    while step is not None and os.path.abspath(step.tb_frame.f_code.co_filename).startswith(_GUEST + os.sep):
        step = step.tb_next
    return step


def own_frames(error, root):
    """The connector's frames, outermost first: `acme.py:41 submit_job`."""
    frames = []
    for frame, line in traceback.walk_tb(outside_guest(error)):
        name = own_name(frame.f_code.co_filename, root)
        if name:
            frames.append("%s:%d %s" % (name, line, frame.f_code.co_name))
    return frames[:200]


def own_name(filename, root):
    """The path below `root` of a file of the connector, None for any other file."""
    if root is None or filename.startswith("<"):
        return None
    path = os.path.abspath(filename)
    if not path.startswith(root.rstrip(os.sep) + os.sep):
        return None
    name = os.path.relpath(path, root)
    parts = name.split(os.sep)
    # An environment that lies inside the project is not the connector's code.
    return None if "site-packages" in parts or "dist-packages" in parts else clean(name)


def _causes(error):
    seen = []
    cause = error.__cause__
    while cause is not None and len(seen) < CHAIN_MAX and not any(cause is known for known in seen):
        seen.append(cause)
        cause = cause.__cause__
    return seen


def _text(error):
    try:
        text = "".join(traceback.format_exception(type(error), error, outside_guest(error)))
    except BaseException as failure:
        text = "<the traceback could not be formatted: %s>" % type(failure).__name__
    text = clean(text)
    half = TRACEBACK_MAX // 2
    return text if len(text) <= TRACEBACK_MAX else text[:half] + "\n...\n" + text[-half:]
