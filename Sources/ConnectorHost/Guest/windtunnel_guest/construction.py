"""Makes an instance of the connector: `Class(credentials=d)` where that fits, else `Class(d)`."""

import inspect


def construct(kind, credentials):
    try:
        signature = inspect.signature(kind)
    except (TypeError, ValueError):
        return kind(credentials=credentials)
    if _fits(signature, (), {"credentials": credentials}):
        return kind(credentials=credentials)
    return kind(credentials)


def _fits(signature, positional, keyword):
    try:
        signature.bind(*positional, **keyword)
        return True
    except TypeError:
        return False
