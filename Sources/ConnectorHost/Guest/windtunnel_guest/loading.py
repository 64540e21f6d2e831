"""Finds the connector's class: `module:Class` or `path/file.py:Class`. What is wrong with it is one clear line."""

import difflib
import importlib
import inspect
import os
import re
import sys
import traceback

from .raised import own_name
from .rpc import Refusal
from .values import clean, type_name

REQUIRED = ("authenticate", "submit_job", "get_job_status", "get_job_result", "cancel_job", "list_jobs", "get_logs")


class Place:
    """Where the module is: its name for `import`, the folders to search first, and the folder of the connector's own code."""

    def __init__(self, name, folder, root, shown):
        self.name = name
        self.folder = folder
        self.root = root
        self.shown = shown


def locate(reference):
    """`{"file": path}` or `{"module": name}`, with `folder` as the current folder."""
    here = os.path.abspath(reference["folder"])
    if reference.get("module"):
        return Place(reference["module"], here, None, "module " + reference["module"])
    shown = reference["file"]
    file = os.path.normpath(os.path.join(here, os.path.expanduser(shown)))
    if os.path.isdir(file):
        raise Refusal("file_missing", "%s: a folder, not a Python file" % shown)
    if not os.path.isfile(file):
        raise Refusal("file_missing", "%s: no such file" % shown)
    folder, name = os.path.split(os.path.splitext(file)[0])
    if not os.path.isfile(os.path.join(folder, "__init__.py")):
        return Place(name, folder, folder, shown)
    names = [] if name == "__init__" else [name]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        names.insert(0, package)
    return Place(".".join(names), folder, os.path.join(folder, names[0]), shown)


def load(place, class_name):
    """Imports the module and returns the class. `place.root` is known afterwards."""
    module = _import(place)
    file = getattr(module, "__file__", None)
    if place.root is None and file:
        place.root = _root(module, os.path.abspath(file))
    found = module
    for part in class_name.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise Refusal("class_missing", "%s has no class %s%s" % (place.shown, class_name, _nearest(module, class_name)))
    if not isinstance(found, type):
        kind = "function" if inspect.isroutine(found) else type_name(type(found))
        raise Refusal("not_a_class", "%s: %s is a %s, not a class" % (place.shown, class_name, kind))
    _check_methods(found, place, class_name)
    return found


def _root(module, file):
    """The folder of the outermost package that the module is in, or of the module's file."""
    top = sys.modules.get(module.__name__.partition(".")[0])
    paths = list(getattr(top, "__path__", []))
    return os.path.abspath(paths[0]) if paths else os.path.dirname(file)


def _import(place):
    try:
        return importlib.import_module(place.name)
    except SyntaxError as error:
        raise Refusal("syntax_error", _syntax_line(error, place)) from error
    except ImportError as error:
        raise Refusal("import_error", _import_line(error, place)) from error
    except BaseException as error:
        what = "%s: the import raised %s: %s" % (_where(error, place), type_name(type(error)), _one_line(error))
        raise Refusal("import_error", what) from error


def _syntax_line(error, place):
    name = _shown_name(error.filename or place.shown, place)
    text = clean((error.text or "").strip())[:200]
    return "%s:%s: syntax error: %s%s" % (name, error.lineno, error.msg, ": " + text if text else "")


def _import_line(error, place):
    missing = getattr(error, "name", None)
    if missing and (place.name + ".").startswith(missing + ".") and isinstance(error, ModuleNotFoundError):
        looked = "%s and the import path of %s" % (place.folder, sys.executable)
        return "%s: no module named %s (looked in %s)" % (place.shown, missing, looked)
    line = "%s: cannot import: %s" % (_where(error, place), _one_line(error))
    if isinstance(error, ModuleNotFoundError) and missing:
        line += " (install it for %s, or choose another interpreter with --python)" % sys.executable
    return line


def _where(error, place):
    """The connector's innermost line under way, `acme.py:2`."""
    where = place.shown
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = own_name(frame.f_code.co_filename, place.root or place.folder)
        if name:
            where = "%s:%d" % (_shown_name(frame.f_code.co_filename, place), line)
    return where


def _shown_name(filename, place):
    """A file as the user wrote it where it is the very file, else below the connector's root."""
    if place.shown.endswith(".py") and os.path.basename(filename) == os.path.basename(place.shown):
        return place.shown
    return own_name(filename, place.root or place.folder) or filename


def _one_line(error):
    try:
        return clean(" ".join(str(error).split()))[:500]
    except Exception:
        return "?"


def _nearest(module, wanted):
    own = [n for n, v in vars(module).items() if isinstance(v, type) and v.__module__ == module.__name__]
    near = difflib.get_close_matches(wanted, own, n=3, cutoff=0.5)
    if near:
        return "; did you mean %s?" % " or ".join(near)
    return "; it has %s" % ", ".join(sorted(own)[:8]) if own else "; it has no class of its own"


def _check_methods(kind, place, class_name):
    abstract = sorted(getattr(kind, "__abstractmethods__", ()))
    if abstract:
        what = "%s: class %s leaves out %s" % (place.shown, class_name, ", ".join(abstract))
        raise Refusal("abstract_methods", what)
    absent = [name for name in REQUIRED if not callable(getattr(kind, name, None))]
    if absent:
        raise Refusal("abstract_methods", "%s: class %s has no %s" % (place.shown, class_name, ", ".join(absent)))


def describe_constructor_error(error, kind, credentials, place):
    """What a failed first construction, with full credentials, means to the user."""
    name = kind.__qualname__
    key = error.args[0] if isinstance(error, KeyError) and error.args else None
    if isinstance(key, str) and key not in credentials:
        if _last_file(error) in ("os.py", "<frozen os>"):
            return Refusal(
                "constructor",
                "%s: class %s reads the environment variable %s, which is not passed on; take it from credentials"
                % (_where(error, place), name, key),
            )
        return Refusal(
            "credential_missing",
            "%s: class %s asks for the credential %r, which was not given; add --credential %s=VALUE"
            % (_where(error, place), name, key, key),
        )
    if isinstance(error, TypeError) and error.__traceback__ is not None and _is_signature_error(error, kind):
        return Refusal("constructor", _signature_line(kind, place))
    what = "%s: the constructor of %s raised %s: %s"
    return Refusal("constructor", what % (_where(error, place), name, type_name(type(error)), _one_line(error)))


def _last_file(error):
    frames = traceback.extract_tb(error.__traceback__)
    return os.path.basename(frames[-1].filename) if frames else ""


def _is_signature_error(error, kind):
    return bool(re.search(r"argument|takes no", str(error))) and "__init__" in str(error) or kind.__name__ + "()" in str(error)


def _signature_line(kind, place):
    try:
        signature = inspect.signature(kind)
    except (TypeError, ValueError):
        return "%s: class %s takes other arguments than credentials" % (place.shown, kind.__qualname__)
    needed = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and parameter.name != "credentials"
    ]
    what = "%s: class %s must be made as %s(credentials=dict) or %s(dict)" % ((place.shown,) + (kind.__qualname__,) * 3)
    return what + ("; its constructor also needs %s" % ", ".join(needed) if needed else "; its constructor takes no argument")
