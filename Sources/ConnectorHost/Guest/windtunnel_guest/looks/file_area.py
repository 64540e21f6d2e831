"""Files on the connector's side, in a folder of their own below its folder for temporary files. One parameter, `do`, says what.

    make      makes what is to be uploaded (of the kinds `only`) and the folders for downloads; gives the paths by name
    compare   of each file to be uploaded: `{"is_file", "size", "same"}` of its download, by name
    list      the relative paths of all that is below the folder `below`, sorted
    model     makes a folder with a model; gives its path, that of its file, and a path where nothing is

A name is also the file's own: downloads stand under the same name in another folder.
"""

import filecmp
import os

MIB = 1 << 20
# Every value of a byte, line ends of all kinds among them, and bytes that no text encoding takes.
BINARY = bytes(range(256)) * 5 + b"\r\n\n\r\x00\x1a\xff\xfe\xc3\x28"
UNICODE_NAME = "na\u00efve \u6f22\u5b57 \U0001f680.bin"
FILES = {
    "empty": ("empty.bin", lambda: b""),
    "one byte": ("one.bin", lambda: b"\x00"),
    "binary": ("binary.bin", lambda: BINARY),
    "16 MiB": ("large.bin", lambda: b"".join(_block(number) for number in range(16))),
    "unicode name": (UNICODE_NAME, lambda: UNICODE_NAME.encode()),
}
MODEL = '''\
"""The smallest model: it gives back what it is given."""


def predict(payload):
    return {"windtunnel": payload}
'''


def look(session, parameters):
    area = os.path.join(session.temporary_folder, "windtunnel-files")
    return {"make": _make, "compare": _compare, "list": _list, "model": _model}[parameters["do"]](area, parameters)


def _make(area, parameters):
    uploads, downloads = os.path.join(area, "uploads"), os.path.join(area, "downloads")
    # Deep enough that a download which climbs three folders is still in the area.
    folders = [uploads, downloads, os.path.join(area, "missing"), os.path.join(area, "a", "b", "c", "folder")]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    for name in parameters.get("only") or FILES:
        file, content = FILES[name]
        with open(os.path.join(uploads, file), "wb") as target:
            target.write(content())
    return {
        "uploads": uploads, "downloads": downloads, "missing": folders[2], "folder": folders[3], "area": area,
        "names": {name: file for name, (file, _) in FILES.items()},
    }


def _compare(area, parameters):
    found = {}
    for name, (file, _) in FILES.items():
        sent, got = os.path.join(area, "uploads", file), os.path.join(area, "downloads", file)
        is_file = os.path.isfile(got)
        found[name] = {
            "is_file": is_file,
            "size": os.path.getsize(got) if is_file else None,
            "same": is_file and filecmp.cmp(sent, got, shallow=False),
        }
    return found


def _list(area, parameters):
    below = parameters.get("below") or area
    found = [os.path.join(folder, name) for folder, _, names in os.walk(below) for name in names]
    return sorted(os.path.relpath(path, below) for path in found)


def _model(area, parameters):
    folder = os.path.join(area, "model")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.py"), "w") as file:
        file.write(MODEL)
    return {"folder": folder, "file": os.path.join(folder, "model.py"), "missing": os.path.join(area, "no-such-model")}


def _block(number):
    """1 MiB that no other block equals, so that a part which is lost, doubled or moved shows."""
    return (b"%08d" % number + BINARY) * (MIB // (len(BINARY) + 8)) + bytes(MIB - MIB // (len(BINARY) + 8) * (len(BINARY) + 8))
