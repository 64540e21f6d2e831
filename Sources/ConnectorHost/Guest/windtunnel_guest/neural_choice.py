"""Chooses the `neural` package that the connector sees: the user's own where all of it imports, otherwise ours.

Never a mixture: if one of the two modules is missing, both are ours. Ours are put into `sys.modules` and onto the
parent package, under exactly their names. So it makes no difference that a published `neural` exists and is empty
(its folder would win over ours on any path), and the rest of such a package stays what it is.
"""

import importlib
import importlib.util
import os
import sys

from .values import Impassable, clean

OURS = ("neural.exceptions", "neural.integrations.types", "neural.integrations.utils", "neural.integrations.base")
EXCEPTIONS = ("CloudConnectionError", "CloudExecutionError", "CloudException", "FileOperationError")


class Contract:
    """The classes of the contract as the connector sees them."""

    def __init__(self, own, reason):
        integrations = sys.modules["neural.integrations"]
        exceptions = sys.modules["neural.exceptions"]
        self.own = own
        self.reason = reason
        self.BaseConnector = integrations.BaseConnector
        self.JobStatus = integrations.JobStatus
        self.JobResult = integrations.JobResult
        self.ResourceConfig = integrations.ResourceConfig
        self.records = (self.JobResult, self.ResourceConfig)
        self.exceptions = [(name, getattr(exceptions, name)) for name in EXCEPTIONS if hasattr(exceptions, name)]

    def named(self, name):
        if name not in ("JobStatus", "JobResult", "ResourceConfig"):
            raise Impassable("the contract has no type %r" % name)
        return getattr(self, name)


def choose(folder):
    """Imports the user's own, or ours from `folder`."""
    try:
        integrations = importlib.import_module("neural.integrations")
        exceptions = importlib.import_module("neural.exceptions")
        for module, names in (
            (integrations, ("BaseConnector", "JobStatus", "JobResult", "ResourceConfig")),
            (exceptions, EXCEPTIONS[:3]),
        ):
            for name in names:
                getattr(module, name)
        return Contract(True, "")
    except (Exception, SystemExit) as error:
        provide(folder)
        sys.path.append(folder)  # the sign to a worker process of the connector's own that it needs ours too: see start.py
        return Contract(False, clean("%s: %s" % (type(error).__name__, error))[:500])


def provide(folder):
    """Puts ours into `sys.modules`."""
    for name in [name for name in sys.modules if _is_ours(name)]:
        del sys.modules[name]
    try:
        importlib.import_module("neural")
    except (Exception, SystemExit):
        _load("neural", folder, package=True)
    _load("neural.integrations", folder, package=True, run=False)
    for name in OURS:
        _load(name, folder)
    _run(sys.modules["neural.integrations"])


def _is_ours(name):
    return name in ("neural.exceptions", "neural.integrations") or name.startswith("neural.integrations.")


def _load(name, folder, package=False, run=True):
    path = os.path.join(folder, *name.split("."))
    file = os.path.join(path, "__init__.py") if package else path + ".py"
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[path] if package else None)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    if run:
        _run(module)


def _run(module):
    module.__spec__.loader.exec_module(module)
