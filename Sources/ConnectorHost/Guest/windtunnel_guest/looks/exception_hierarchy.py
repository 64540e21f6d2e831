"""Names of the bases of each class of `neural.exceptions` that the contract names, in method resolution order."""

import sys

from ..neural_choice import EXCEPTIONS


def look(session, parameters):
    module = sys.modules["neural.exceptions"]
    found = {}
    for name in EXCEPTIONS:
        kind = getattr(module, name, None)
        found[name] = [base.__name__ for base in kind.__mro__[1:]] if isinstance(kind, type) else None
    return found
