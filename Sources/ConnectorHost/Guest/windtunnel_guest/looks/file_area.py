"""Files on the connector's side, in a folder of their own below its folder for temporary files. One parameter, `do`, says what.

    make      makes what is to be uploaded (of the kinds `only`) and the folders for downloads; gives the paths by name
    compare   of each file to be uploaded: `{"is_file", "size", "same"}` of its download, by name; the same of the download `out of a folder`,
              of that `over a file` and of what was `uploaded again`, which are of the binary one, and whether the other file that stood there is `kept`
    list      the relative paths of all that is below the folder `below`, sorted
    model     makes a folder with a model of two files, and a model of a single file, which answer with the words `folder_word` and
              `file_word`; gives their paths, and a path where nothing is

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
# Longer than the file that is downloaded in its place.
EXISTING = b"what stood here before the download\n" * 100
MODEL = '''\
"""The smallest model: it gives back what it is given, and a word of its own."""

WORD = "%s"


def predict(payload):
    return {"windtunnel": payload, "word": WORD}
'''
# A model of two files: the word is in the other one.
MODEL_OF_TWO = MODEL.replace('WORD = "%s"', "from windtunnel_word import WORD")


def look(session, parameters):
    area = os.path.join(session.temporary_folder, "windtunnel-files")
    return {"make": _make, "compare": _compare, "list": _list, "model": _model}[parameters["do"]](area, parameters)


def _make(area, parameters):
    uploads, downloads = os.path.join(area, "uploads"), os.path.join(area, "downloads")
    # Deep enough that a download which climbs three folders is still in the area.
    folders = [uploads, downloads, os.path.join(area, "missing"), os.path.join(area, "a", "b", "c", "folder")]
    existing = os.path.join(area, "existing")
    folders.append(existing)
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    for name in parameters.get("only") or FILES:
        file, content = FILES[name]
        with open(os.path.join(uploads, file), "wb") as target:
            target.write(content())
    for name in ("overwritten.bin", "kept.bin"):
        with open(os.path.join(existing, name), "wb") as target:
            target.write(EXISTING)
    return {
        "uploads": uploads, "downloads": downloads, "missing": folders[2], "folder": folders[3], "existing": existing, "area": area,
        "names": {name: file for name, (file, _) in FILES.items()},
    }


def _compare(area, parameters):
    uploads, downloads, existing = (os.path.join(area, name) for name in ("uploads", "downloads", "existing"))
    found = {name: _compared(os.path.join(downloads, file), os.path.join(uploads, file)) for name, (file, _) in FILES.items()}
    binary, kept = os.path.join(uploads, "binary.bin"), os.path.join(existing, "kept.bin")
    found["out of a folder"] = _compared(os.path.join(downloads, "folder.bin"), binary)
    found["uploaded again"] = _compared(os.path.join(downloads, "again.bin"), binary)
    found["over a file"] = _compared(os.path.join(existing, "overwritten.bin"), binary)
    found["kept"] = _state(kept)
    if found["kept"]["is_file"]:
        with open(kept, "rb") as file:
            found["kept"]["same"] = file.read() == EXISTING
    return found


def _compared(got, sent):
    state = _state(got)
    state["same"] = state["is_file"] and filecmp.cmp(sent, got, shallow=False)
    return state


def _state(path):
    is_file = os.path.isfile(path)
    return {"is_file": is_file, "size": os.path.getsize(path) if is_file else None}


def _list(area, parameters):
    below = parameters.get("below") or area
    found = [os.path.join(folder, name) for folder, _, names in os.walk(below) for name in names]
    return sorted(os.path.relpath(path, below) for path in found)


def _model(area, parameters):
    folder, single = os.path.join(area, "model"), os.path.join(area, "single", "model.py")
    texts = {
        os.path.join(folder, "model.py"): MODEL_OF_TWO,
        os.path.join(folder, "windtunnel_word.py"): 'WORD = "%s"\n' % parameters["folder_word"],
        single: MODEL % parameters["file_word"],
    }
    for path, text in texts.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    return {"folder": folder, "file": single, "missing": os.path.join(area, "no-such-model")}


def _block(number):
    """1 MiB that no other block equals, so that a part which is lost, doubled or moved shows."""
    return (b"%08d" % number + BINARY) * (MIB // (len(BINARY) + 8)) + bytes(MIB - MIB // (len(BINARY) + 8) * (len(BINARY) + 8))
