"""One session: the connector's instances, and the requests that the harness makes of them."""

import os
import tempfile
import threading

from . import capture, inspection, raised, state, values
from .construction import construct
from .loading import describe_constructor_error
from .looks import LOOKS
from .rpc import Refusal


class Session:
    """Serves one connection. `place`, `kind` and `contract` are what the import found."""

    def __init__(self, channel, place, kind, contract, parameters):
        self.channel = channel
        self.place = place
        self.kind = kind
        self.contract = contract
        self.instances = {}
        self.credentials = {}  # by instance: the caller's own dict, and its form when it was handed over
        self.standard_output = parameters["stdout"]
        self.standard_error = parameters["stderr"]
        self.temporary_folder = parameters["tmp"]
        self.imported = parameters["imported"]  # what was printed to stdout and to stderr before there was a session
        self._settle(parameters)

    def _settle(self, parameters):
        capture.redirect(self.standard_output, self.standard_error)
        os.environ.update(parameters.get("environment") or {})
        for name in parameters.get("without") or []:
            os.environ.pop(name, None)
        os.environ["TMPDIR"] = self.temporary_folder
        os.environ["HOME"] = parameters["home"]
        tempfile.tempdir = None  # a value kept from the import would lead elsewhere

    def methods(self):
        return {
            "check": self.check,
            "construct": self.construct,
            "call": self.call,
            "parallel": self.parallel,
            "attribute": self.attribute,
            "state": lambda parameters: state.state(self),
            "inspect": lambda parameters: inspection.inspection(self),
            "look": self.look,
        }

    # Requests

    def check(self, parameters):
        """The first construction, with full credentials.

        A constructor that takes other arguments, or refuses the credentials as incomplete, is the user's configuration.
        Whatever else it raises is the connector's own failure: the suite constructs it again and judges that.
        """
        credentials = values.decode(parameters["credentials"], self.contract)
        try:
            construct(self.kind, credentials)
        except (KeyError, TypeError, ValueError) as error:
            raise describe_constructor_error(error, self.kind, credentials, self.place) from error
        except Exception:
            return {}
        return {}

    def construct(self, parameters):
        name = parameters["instance"]
        credentials = values.decode(parameters["credentials"], self.contract)
        before = self.encode(credentials)

        def make():
            self.instances[name] = construct(self.kind, credentials)

        answer = self._outcome(make)
        if "returned" in answer:
            # Only the type: the repr and the fields of an instance may hold secrets.
            answer["returned"] = ["o", values.type_name(type(self.instances[name])), "<instance>"]
        self.credentials[name] = (credentials, before)
        answer["changed"] = [] if self.encode(credentials) == before else ["credentials"]
        return answer

    def call(self, parameters):
        return self._prepared(parameters)()

    def parallel(self, parameters):
        """All calls at once, each in a thread of its own, let go together; the outcomes in the order of the calls."""
        calls = [self._prepared(one) for one in parameters["calls"]]
        answers = [None] * len(calls)
        start = threading.Barrier(len(calls))

        def run(index):
            start.wait()
            answers[index] = calls[index]()

        threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {"outcomes": answers}

    def attribute(self, parameters):
        instance = self._instance(parameters["instance"])
        name = parameters["name"]
        return self._outcome(lambda: values.without_addresses(repr(instance)) if name == "repr()" else getattr(instance, name))

    def look(self, parameters):
        look = LOOKS.get(parameters["name"])
        if look is None:
            raise Refusal("no_look", "no look %r; there are %s" % (parameters["name"], ", ".join(sorted(LOOKS))))
        return self._outcome(lambda: look(self, values.decode(parameters.get("parameters"), self.contract)))

    # Parts

    def encode(self, value):
        return values.encode(value, self.contract)

    def instance(self, parameters):
        """The instance that the parameters of a look name."""
        return self._instance(parameters["instance"])

    def _instance(self, name):
        if name not in self.instances:
            raise Refusal("no_instance", "no instance %r was made" % name)
        return self.instances[name]

    def _prepared(self, parameters):
        """A function that makes the call. The arguments are made before, so that parallel calls begin together.

        A `ResourceConfig` of the user's own may refuse what it is made of: that is an outcome of the call.
        """
        instance = self._instance(parameters["instance"])
        positional, keyword, watched = [], {}, []
        for argument in parameters["args"]:
            try:
                value = values.decode(argument["value"], self.contract)
            except values.Impassable:
                raise
            except Exception as error:
                refused = dict(self._raised(error), changed=[])
                return lambda: refused
            if argument.get("positional"):
                positional.append(value)
            else:
                keyword[argument["name"]] = value
            if values.is_mutable(value):
                watched.append((argument["name"], value, self.encode(value)))

        def call():
            answer = self._outcome(lambda: getattr(instance, parameters["method"])(*positional, **keyword))
            answer["changed"] = [name for name, value, before in watched if self.encode(value) != before]
            return answer

        return call

    def _outcome(self, action):
        """What came of it. SystemExit and KeyboardInterrupt are outcomes too."""
        try:
            return {"returned": self.encode(action())}
        except BaseException as error:
            return self._raised(error)

    def _raised(self, error):
        try:
            return {"raised": raised.describe(error, self.contract, self.place.root)}
        finally:
            # Frames of a caught exception keep sockets and files alive that the connector has let go.
            error.__traceback__ = None


def leave():
    capture.flush()
    os._exit(0)
