"""Extra looks inside the guest: one function each, `look(session, parameters)`, in a file of its own that gives the name.

What it returns is recorded as a value. To add one, add a file.
"""

import importlib
import pkgutil

LOOKS = {name: importlib.import_module("." + name, __name__).look for _, name, _ in pkgutil.iter_modules(__path__)}
