"""How `save_credentials_to_file` and `load_credentials_from_file` treat their file, in a home folder made for this look.

Each case gives a dict: `raised` (type of what `save` raised, or None), `mode` (of the finished file), `widest` (the widest
mode that the file had at any moment, or a temporary file that at some moment held the secret too), `widest_with_secret` (the
same while it held the secret) and `loaded` (whether the same dict came back). The moments are those after each call of C code
that the save makes, with a umask of 0, so that nothing but the code itself narrows the mode. What was there before counts only
once this case has put the secret into it. A package without the two functions gives `{"absent": "what is missing"}` alone.

    fresh      a path of its own      over_0644  over an existing file with mode 0644
    default    no path: `~/.neural/credentials.json`      tilde  a path that begins with `~`
    again      twice to one path, the second time another dict: that one has to be loaded, whatever was saved and loaded before
    missing, missing_default, corrupt, empty, not_utf8: the bases of what `load` raises, or None
"""

import os
import stat
import sys
import tempfile

SECRET = "wt-secret-1c0ffee1"
CREDENTIALS = {"api_key": SECRET, "endpoint": "https://api.example.com", "nested": {"a": [1, None, "\u00e9"]}}
# One key less, and one value changed.
SECOND = {"api_key": SECRET + "-new", "nested": {"a": [2]}}


def look(session, parameters):
    try:
        utils = __import__("neural.integrations.utils", fromlist=["utils"])
        save, load = utils.save_credentials_to_file, utils.load_credentials_from_file
    except (ImportError, AttributeError) as error:
        return {"absent": str(error)}
    umask, home = os.umask(0), os.environ.get("HOME")
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["HOME"] = folder
            return _cases(save, load, folder)
    finally:
        os.umask(umask)
        if home is None:
            os.environ.pop("HOME", None)
        else:
            os.environ["HOME"] = home


def _cases(save, load, folder):
    fresh = os.path.join(folder, "fresh", "credentials.json")
    over = os.path.join(folder, "over", "credentials.json")
    for path in (fresh, over):
        os.makedirs(os.path.dirname(path), 0o700)
    with open(over, "w") as file:
        file.write("{}")
    os.chmod(over, 0o644)
    tilde = os.path.join("~", "tilde-case", "c.json")
    os.makedirs(os.path.expanduser(os.path.dirname(tilde)), 0o700)
    again = os.path.join(folder, "again", "credentials.json")
    os.makedirs(os.path.dirname(again), 0o700)
    bad = {"corrupt": b'{"api_key": ', "empty": b"", "not_utf8": b'{"api_key": "\xff\xfe"}'}
    for name, content in bad.items():
        with open(os.path.join(folder, name + ".json"), "wb") as file:
            file.write(content)
    missing_default = _raised(load)  # before anything is saved there
    found = {
        "fresh": _case(save, load, fresh, fresh, folder),
        "over_0644": _case(save, load, over, over, folder),
        "default": _case(save, load, None, os.path.join(folder, ".neural", "credentials.json"), folder),
        "tilde": _case(save, load, tilde, os.path.expanduser(tilde), folder),
        "missing": _raised(lambda: load(os.path.join(folder, "absent.json"))),
        "missing_default": missing_default,
        "again": _again(save, load, again),
    }
    for name in bad:
        found[name] = _raised(lambda: load(os.path.join(folder, name + ".json")))
    return found


def _case(save, load, given, path, folder):
    arguments = () if given is None else (given,)
    watch = Watch(folder, path)
    failure = watch.during(lambda: save(dict(CREDENTIALS), *arguments))
    found = {"raised": failure, "mode": None, "loaded": False, "path": os.path.isfile(path)}
    if os.path.isfile(path):
        found["mode"] = stat.S_IMODE(os.stat(path).st_mode)
    found["widest"], found["widest_with_secret"] = watch.widest, watch.widest_with_secret
    try:
        found["loaded"] = load(*arguments) == CREDENTIALS
    except Exception as error:
        found["load_raised"] = type(error).__name__
    return found


def _again(save, load, path):
    try:
        for credentials in (CREDENTIALS, SECOND):
            save(dict(credentials), path)
            loaded = load(path)
        return {"loaded": loaded == SECOND}
    except Exception as error:
        return {"loaded": False, "load_raised": type(error).__name__}


def _raised(action):
    try:
        action()
        return None
    except Exception as error:
        return [kind.__name__ for kind in type(error).__mro__ if kind is not object]


class Watch:
    """Looks at the file, and at all others of the folder, after each call of C code. None for a mode that was never seen."""

    def __init__(self, folder, path):
        self._folder = folder
        self._path = path
        self._before = {self._identity(other): self._holds_secret(other) for other in self._files()}
        self._widest = {}  # by file, as long as it counts
        self._widest_with_secret = {}
        self._counting = set()

    @property
    def widest(self):
        return _together(mode for file, mode in self._widest.items() if file in self._counting)

    @property
    def widest_with_secret(self):
        return _together(self._widest_with_secret.values())

    def during(self, action):
        sys.setprofile(self._event)
        try:
            action()
            return None
        except Exception as error:
            return type(error).__name__
        finally:
            sys.setprofile(None)
            self._see()

    def _event(self, frame, event, argument):
        if event in ("c_return", "c_exception", "return"):
            sys.setprofile(None)
            try:
                self._see()
            finally:
                sys.setprofile(self._event)

    def _see(self):
        for path in self._files():
            try:
                file, mode, secret = self._identity(path), stat.S_IMODE(os.stat(path).st_mode), self._holds_secret(path)
            except OSError:
                continue
            if self._before.get(file):
                continue  # it held the secret before: another case's
            if secret:
                self._widest_with_secret[file] = self._widest_with_secret.get(file, 0) | mode
            if secret or file not in self._before:
                self._widest[file] = self._widest.get(file, 0) | mode
            if secret or path == self._path:
                self._counting.add(file)

    def _files(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(self._folder) for name in names]

    @staticmethod
    def _holds_secret(path):
        with open(path, "rb") as file:
            return SECRET.encode() in file.read()

    @staticmethod
    def _identity(path):
        status = os.stat(path)
        return (status.st_dev, status.st_ino)


def _together(modes):
    """The bits of all: a file that was 0640 and then 0604 was, in all, 0644."""
    found = None
    for mode in modes:
        found = mode if found is None else found | mode
    return found
