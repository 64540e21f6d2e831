"""Python values as JSON that keeps their types, and back.

Every value is a list that begins with a tag, so that a reader never has to guess:

    ["n"]             None                ["l", [...]]                          list
    ["z", true]       bool                ["t", [...]]                          tuple
    ["s", "text"]     str                 ["d", [[key, value], ...]]            dict, in its order
    ["i", "12"]       int                 ["m", class, name, value, contract]   member of an Enum
    ["f", "1.5"]      float, also "nan"   ["r", class, contract, [[name, v]..]] dataclass
    ["b", "base64"]   bytes               ["o", type, repr]                     anything else

`contract` says that the class is the contract's own. Any other class derived from a builtin counts as that builtin, as in
`isinstance`: so does an Enum that is a str or a number too, and a dataclass that is a dict. What is too deep, too large or contains itself becomes an "o" at that place, so every value has an end.
"""

import base64
import dataclasses
import enum
import re

DEPTH_MAX = 60
NODES_MAX = 100_000
TEXT_MAX = 64 << 20
REPR_MAX = 500



class Impassable(ValueError):
    """The harness asks for an argument that cannot be made: never the connector's fault."""


_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_BUILTINS = ((bytes, "b"), (list, "l"), (tuple, "t"), (dict, "d"))


def type_name(kind):
    """`ValueError`, `requests.exceptions.Timeout`: builtins without their module."""
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", None) or str(kind)
    return name if module in (None, "builtins") else "%s.%s" % (module, name)


def safe_repr(value):
    try:
        text = repr(value)
    except BaseException as error:
        text = "<repr raised %s>" % type(error).__name__
    return clean(without_addresses(text))[:REPR_MAX]


def without_addresses(text):
    return _ADDRESS.sub("", text)


def clean(text):
    """A str that UTF-8 can carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def encode(value, contract=None):
    """The JSON form of `value`. `contract` holds the contract's own classes (see `neural_choice`)."""
    return _Encoder(contract).encode(value, 0)


class _Encoder:
    def __init__(self, contract):
        self._contract = contract
        self._open = set()
        self._nodes = 0

    def encode(self, value, depth):
        self._nodes += 1
        if value is None:
            return ["n"]
        if value is True or value is False:
            return ["z", value]
        if isinstance(value, enum.Enum) and (self._is_status(value) or not isinstance(value, (str, int, float))):
            return self._member(value, depth)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int):
            return self._int(value)
        if isinstance(value, float):
            return ["f", float.__repr__(value)]
        if depth > DEPTH_MAX or self._nodes > NODES_MAX:
            return ["o", type_name(type(value)), "<left out: too deep or too large>"]
        if id(value) in self._open:
            return ["o", type_name(type(value)), "<contains itself>"]
        self._open.add(id(value))
        try:
            return self._composed(value, depth + 1)
        finally:
            self._open.discard(id(value))

    def _composed(self, value, depth):
        contract = self._contract is not None and isinstance(value, self._contract.records)
        for kind, tag in () if contract else _BUILTINS:
            if isinstance(value, kind):
                return [tag, self._content(value, tag, depth)]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = [[clean(f.name), self._attribute(value, f.name, depth)] for f in dataclasses.fields(value)]
            return ["r", clean(type(value).__name__), contract, fields]
        return ["o", type_name(type(value)), safe_repr(value)]

    def _content(self, value, tag, depth):
        if tag == "b":
            return base64.b64encode(value[:TEXT_MAX]).decode("ascii")
        if tag == "d":
            return [[self.encode(k, depth), self.encode(v, depth)] for k, v in self._first(list(dict.items(value)))]
        return [self.encode(item, depth) for item in self._first(value)]

    def _first(self, items):
        return items[: max(0, NODES_MAX - self._nodes) + 1]

    def _attribute(self, value, name, depth):
        try:
            return self.encode(getattr(value, name), depth)
        except AttributeError:
            return ["o", "missing", "<no attribute %s>" % clean(name)]

    def _is_status(self, value):
        return self._contract is not None and type(value) is self._contract.JobStatus

    def _member(self, value, depth):
        name = clean(str(getattr(value, "_name_", None)))
        inner = self.encode(getattr(value, "_value_", None), depth + 1)
        return ["m", clean(type(value).__name__), name, inner, self._is_status(value)]

    def _text(self, value):
        if len(value) > TEXT_MAX:
            return ["o", "str", "<%d characters>" % len(value)]
        text = str.__str__(value)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return ["o", "str", ascii(text)[:REPR_MAX]]
        return ["s", text]

    def _int(self, value):
        if not -(1 << 63) <= value < 1 << 63:
            return ["o", "int", hex(int(value))[:REPR_MAX] if value.bit_length() > 4000 else int.__repr__(value)[:REPR_MAX]]
        return ["i", int.__repr__(value)]


def decode(form, contract):
    """The Python value of a JSON form. Fresh objects each time: the caller owns them."""
    tag = form[0]
    if tag == "n":
        return None
    if tag in ("s", "z"):
        return form[1]
    if tag == "i":
        return int(form[1])
    if tag == "f":
        return float(form[1])
    if tag == "b":
        return base64.b64decode(form[1])
    if tag == "l":
        return [decode(item, contract) for item in form[1]]
    if tag == "t":
        return tuple(decode(item, contract) for item in form[1])
    if tag == "d":
        return {decode(key, contract): decode(value, contract) for key, value in form[1]}
    if tag == "m":
        return _decode_member(form, contract)
    if tag == "r":
        return contract.named(form[1])(**{name: decode(value, contract) for name, value in form[3]})
    raise Impassable("a value of type %s cannot be passed to a connector" % form[1])


def _decode_member(form, contract):
    kind = contract.named(form[1])
    return kind[form[2]] if form[2] in kind.__members__ else kind(decode(form[3], contract))


def is_mutable(value):
    return isinstance(value, (dict, list)) or (dataclasses.is_dataclass(value) and not isinstance(value, type))
