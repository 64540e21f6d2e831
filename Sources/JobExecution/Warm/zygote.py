"""An interpreter that is up already, and of which each job gets a fork. Started by the node: `python -u zygote.py PADDING`.

Descriptor 3 is its end of a connection with the node, which keeps messages whole. It says `ready`, where the environment of its forks
will be, and what it has been made of. Each message that it gets then brings an end of a further connection, and asks for a spare: a
fork that waits there for a job. It tells the spare's pid. The spare is the node's own child, since it is made with CLONE_PARENT.

What a job sees is what `python -u SCRIPT` shows. Where that cannot be had from a fork, the job's process executes just that.
What a fork writes to costs it a page each, and so does whatever it only counts a reference to: what can be done before is.
Python 3.10 and newer, on Linux; an older one says that it cannot. Exit codes: 0 the node has gone, 3 this interpreter cannot do it.
"""

import os
import sys

UNFIT = 3


def unfit(reason):
    os.write(2, f"windtunnel: {sys.executable} starts each job anew: {reason}\n".encode())
    os._exit(UNFIT)


SYSCALL_CLONE = {"x86_64": 56, "aarch64": 220, "riscv64": 220}
if sys.version_info < (3, 10) or "t" in getattr(sys, "abiflags", "") or os.uname().machine not in SYSCALL_CLONE:
    unfit("it is of an unknown kind")

program = sys.orig_argv[0]
if __file__.endswith(".py"):
    # Once more, compiled: what the compiler leaves behind would go to every fork.
    import py_compile

    compiled = py_compile.compile(__file__, f"{__file__[:-3]}.{sys.implementation.cache_tag}.pyc", doraise=True)
    os.execv(sys.executable, [program, "-u", compiled] + sys.argv[1:])

BASE = frozenset(sys.modules)
IMPORTERS = dict(sys.path_importer_cache)
has_importer_of_script = __file__ in IMPORTERS
IMPORTERS.pop(__file__, None)
own_place = sys.path.pop(0)  # nothing is imported from there
IMPORTERS.pop(own_place, None)

import gc  # noqa: E402

# Where a fresh interpreter has `__main__` when a job begins: what is collected at the end ends in an order that depends on it.
main_is_old = any(found is globals() for found in gc.get_objects(generation=2))

import _operator  # noqa: E402
import _socket  # noqa: E402
import _thread  # noqa: E402
import atexit  # noqa: E402
import builtins  # noqa: E402
import ctypes  # noqa: E402
import posix  # noqa: E402
import site  # noqa: E402

# By name: the job may replace what it finds there.
from builtins import (  # noqa: E402, UP029
    AttributeError,
    BaseException,
    KeyboardInterrupt,
    SystemExit,
    getattr,
    int,
    issubclass,
    len,
    map,
    str,
    sum,
    type,
)

NODE = 3
FILE_INPUT = 257
REQUEST_BYTES_MAX = 256 << 10
READ_BYTES = 1 << 14
CLONE_PARENT, CLONE_CHILD_CLEARTID, CLONE_CHILD_SETTID = 0x8000, 0x200000, 0x1000000
PR_SET_PDEATHSIG, PR_GET_TID_ADDRESS = 1, 40
SIGINT, SIGKILL, SIGPIPE, SIGCHLD, SIGXFSZ = 2, 9, 13, 17, 25
SIG_IGN, PRINT_RAW = 1, 1
WORD, INT = 8, 4

api = ctypes.pythonapi
# Without letting go of the interpreter's lock: there is one thread, and after the fork none that could take it.
system = ctypes.PyDLL(None)
word_at = ctypes.c_void_p.from_address


class Limit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_uint64), ("hard", ctypes.c_uint64)]


# What the running interpreter is made of.


def initial_environment():
    with open("/proc/self/environ", "rb") as file:
        return dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)


def text_areas():
    """The memory that the system shows as this process's arguments and environment, for those who look under /proc; emptied."""
    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    areas, addresses = [], []
    for first, last in ((45, 46), (47, 48)):
        begin, size = int(fields[first]), int(fields[last]) - int(fields[first])
        ctypes.memset(begin, 0, size)
        addresses.append(begin)
        areas.append(view(begin, size))
    areas[0][-1] = 0x20  # says that the arguments are one text, which ends earlier
    return areas[0], areas[1], addresses[1]


def view(address, size):
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


def empty_table(size):
    """Makes the C library's table of variables an empty one, for pointers to as many variables as fit in `size` bytes. Never freed."""
    bytes_of_table = (size // 2 + 1) * WORD
    table = api.PyMem_RawCalloc(bytes_of_table, 1)
    ctypes.c_void_p.in_dll(system, "environ").value = table
    return view(table, bytes_of_table)


def stack_area():
    with open("/proc/self/maps", "rb") as file:
        for line in file:
            if line.rstrip().endswith(b"[stack]"):
                return tuple(int(bound, 16) for bound in line.split()[0].split(b"-"))
    return (0, 0)


def thread_id_address():
    """Where the C library keeps the thread's id, which a fork must renew."""
    address = ctypes.c_void_p()
    if system.prctl(PR_GET_TID_ADDRESS, ctypes.byref(address), 0, 0, 0) != 0 or not address.value:
        unfit("the system does not tell where the thread's id is kept")
    return address.value


def import_places():
    """Folders of the import path and when they changed, in nanoseconds, -1 where one is not there: whoever installs something wants it seen."""
    for path in sys.path + [os.path.join(sys.prefix, "pyvenv.cfg")]:
        try:
            yield os.fsencode(path), os.stat(path).st_mtime_ns
        except OSError:
            yield os.fsencode(path), -1


def places_of_user():
    """Where a user's own packages are, from the user's home on; none where this interpreter does not look for them."""
    if not site.ENABLE_USER_SITE:
        return []
    home = os.environ["HOME"]
    found = [site.getuserbase(), site.getusersitepackages()]
    if not all(place.startswith(home + "/") for place in found):
        unfit("its user's packages are not in the user's home")
    return [place[len(home) :] for place in found]


# The job's process.


class Misfit(Exception):
    """The fork cannot be what a fresh interpreter would be."""


def enter(request):
    """Folder, streams and limits, as the node gives them to any process. What fails here fails the launch."""
    for group in request.descriptors[2:]:
        posix.write(group, b"0")
    if request.processors:
        posix.sched_setaffinity(0, [int(number) for number in request.processors.split(b",")])
    posix.chdir(request.folder)
    posix.dup2(request.descriptors[0], 1)
    posix.dup2(request.descriptors[1], 2)
    if request.limits:
        for limit in request.limits.split(b","):
            resource, soft, hard = map(int, limit.split(b":"))
            if set_limit(resource, ctypes.byref(Limit(soft, hard))) != 0:
                raise OSError("cannot set the resource limits")


def become_fresh(request):
    """All that an interpreter takes from its surroundings when it starts. The memory that /proc shows as the environment is the
    environment, as it is for a fresh one.
    """
    environment_area[: len(request.environment)] = request.environment
    environment_pointers[: len(request.pointers)] = request.pointers
    data = environment
    for entry in request.environment[:-1].split(b"\0"):
        name, _, value = entry.partition(b"=")
        data[name] = value
    for name, value in own_variables:
        if name not in data:
            posix.putenv(name, value)
            data[name] = value
    show_arguments(request.script)
    if data.get(b"TZ") != time_zone and "time" in sys.modules:
        sys.modules["time"].tzset()
    if user_places:
        home = data.get(b"HOME", b"")
        if not home.startswith(b"/"):
            raise Misfit
        site.USER_BASE, site.USER_SITE = [os.fsdecode(home.rstrip(b"/")) + place for place in user_places]
        if posix.access(site.USER_SITE, posix.F_OK):
            raise Misfit
    script = os.fsdecode(request.script)
    sys.argv[:] = [script]
    sys.orig_argv[:] = [program, "-u", script]
    sys.path[0] = script.rpartition("/")[0]
    if has_importer_of_script:
        sys.path_importer_cache[script] = None
    return script


def show_arguments(script):
    """Puts the arguments where /proc shows them."""
    title = b" ".join([program_bytes, b"-u", script])[: len(arguments_area) - 2]
    arguments_area[: len(title)] = title
    rest = len(spare_title) - len(title)
    if rest > 0:
        arguments_area[len(title) : len(spare_title)] = bytes(rest)


def read(path):
    descriptor = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    source = part = posix.read(descriptor, READ_BYTES)
    while part:
        part = posix.read(descriptor, READ_BYTES)
        source += part
    posix.close(descriptor)
    return source


def load(request, script):
    """Makes `__main__` of the script, as the interpreter itself does."""
    source = read(script)
    if b"\0" in source:
        raise Misfit
    code = compile_text(source, request.script, FILE_INPUT, None, -1)  # what fails here, the interpreter says in its own words
    main = type(sys)("__main__")
    main.__loader__ = SourceFileLoader("__main__", script)
    space = main.__dict__
    if "__annotations__" in original_main:
        space["__annotations__"] = {}
    space["__builtins__"] = builtins
    space["__file__"] = script
    if "__cached__" in original_main:
        space["__cached__"] = None
    sys.modules["__main__"] = main
    return code


def running():
    """The caller's frame, as the interpreter keeps it."""
    frame = sys._getframe(1)
    return id(frame) if sys.version_info < (3, 11) else word_at(id(frame) + object.__basicsize__ + WORD).value


def find_slot():
    """The word that says which frame runs: in the thread's state, or where a word there leads to on the stack. None when not found.

    The place is known by its content alone, so that no version's layout is assumed, and it is tried before it is used for a job.
    """
    mine = running()
    state = thread_state()
    for place in range(state, state + 40 * WORD, WORD):
        value = word_at(place).value
        if value == mine:
            return word_at(place)
        if value is not None and stack[0] <= value < stack[1] - WORD:
            for inner in (value, value + WORD):
                if word_at(inner).value == mine:
                    return word_at(inner)
    return None


def call(box, ended):
    """Runs the code in `box` as `__main__`, with no frame of ours below it. Adds the exception that ended it to `ended`.

    The interpreter finds a frame's caller by what it takes for the running frame; for the time of the call that is none. What the job
    left to watch calls does not see ours: tracing is off in this process, but in `call_traced`.
    """
    mine = running()
    if slot is None or slot.value != mine:
        raise Misfit
    space = sys.modules["__main__"].__dict__
    slot.value = None
    try:
        call_traced(run, (box.pop(), space))
    except BaseException as error:
        slot.value = mine
        without_ours(error)
        ended.append(error)
    slot.value = mine


def apart(function, arguments=()):
    """Calls what is the job's, or what may call that, as the interpreter does: with no frame of ours below it. To be called without
    a star: with one, Python 3.11 keeps the running frame elsewhere.
    """
    mine = slot.value
    slot.value = None
    retrace(state)
    try:
        return call_apart(function, arguments)
    finally:
        untrace(state)
        slot.value = mine


def failure(function, arguments):
    try:
        apart(function, arguments)
    except BaseException as error:
        without_ours(error)
        without_ours(error)
        return error
    return None


def without_ours(error):
    """Takes a frame of ours out of a traceback, past whatever the job's class makes of its attributes."""
    trace = traceback_of.__get__(error)
    traceback_of.__set__(error, trace and trace.tb_next)


def exit_code(ended):
    """What the interpreter makes of an exception that nobody caught: a code, or minus a signal. More to be let go of goes to `ended`."""
    error = ended[0]
    kind = type(error)
    if issubclass(kind, SystemExit):
        return exit_code_of_exit(error)
    trace = traceback_of.__get__(error)
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if with_last_exception:
        sys.last_exc = error
    try:
        hook = sys.excepthook
    except AttributeError:
        apart(say, (b"sys.excepthook is missing\n",))
        hook = own_hook
    second = failure(hook, (kind, error, trace))
    if second is not None:
        ended.append(second)
        if issubclass(type(second), SystemExit):
            return exit_code_of_exit(second)
        apart(say, (b"Error in sys.excepthook:\n",))
        apart(own_hook, (type(second), second, traceback_of.__get__(second)))
        apart(say, (b"\nOriginal exception was:\n",))
        apart(own_hook, (kind, error, trace))
    return -SIGINT if kind is KeyboardInterrupt else 1


def exit_code_of_exit(ending):
    try:
        code = apart(getattr, (ending, "code"))
    except BaseException:
        code = ending
    if code is None:
        return 0
    if issubclass(type(code), int):
        number = integer_of(code)
        return number & 0xFF if -(1 << 63) <= number < 1 << 63 else 0xFF
    try:
        stream = getattr(sys, "stderr", None)
        if stream is not None:
            apart(write_object, (code, stream, PRINT_RAW))
        else:
            posix_write(2, apart(str, (code,)).encode("utf-8", "backslashreplace"))
    except BaseException:
        pass
    apart(say, (b"\n",))
    return 1


def is_plain():
    """Whether the job left nothing for the interpreter's end to do: nothing in memory since the fork but what ends without a word, none
    of the modules that want to be ended, and its streams as they were. It is looked at without a trace: a hook for audits would see it.
    """
    audit(b"", b"?")  # fails where there are such hooks, before they are called
    counts = collections()
    return (
        (counts[1:] == old_collections[1:] and freeze_count() == 0 if in_generations else counts == old_collections)
        and silent.issuperset(map(type, young_objects()))
        and modules.keys() <= BASE
        and not thread_count()
        and not exit_count()
        and "threading" not in BASE
        and has_own_streams()
        and streams[0].flush() is streams[1].flush() is None
    )


def has_own_streams():
    found = getattr(sys, "stdout", None) is streams[0] and getattr(sys, "stderr", None) is streams[1]
    return found and sum(map(len, stream_spaces)) == stream_size


def collections():
    return [generation["collections"] for generation in collector_state()]


def young_objects():
    return objects_of(generation=0) + objects_of(generation=1) if in_generations else objects_of(generation=0)


def end(code):
    """Ends by the interpreter's own end. The common case is spared it: a walk over everything that the job never touched."""
    plain = False
    try:
        plain = code >= 0 and is_plain()
    except BaseException:
        pass
    if plain:
        leave(code)
    if code < 0:
        # The interpreter ends first, then the process by the signal: its handler is the default one again by then, where there was one.
        if signal_handler(-code) == SIG_IGN:
            set_signal(-code, None)
        at_exit(address_of_raise, -code, None)
        code = 128 - code
    apart(exit_interpreter, (code,))


def start_anew(request):
    """Becomes what was asked for by executing it: same process, session, streams and limits."""
    for number in (SIGPIPE, SIGXFSZ):
        set_signal(number, None)
    variables = dict(entry.split(b"=", 1) for entry in request.environment[:-1].split(b"\0"))
    os.execve(sys.executable, [program_bytes, b"-u", request.script], variables)


# The loop.


class Request:
    """Texts, each ended by a NUL: folder, script, limits as `resource:soft:hard,`..., processors, and the size of the environment; then
    the environment, each variable ended by a NUL, and its table of pointers. Descriptors: two streams, and the entries of groups."""

    def __init__(self, data, descriptors):
        self.folder, self.script, self.limits, self.processors, size, rest = data.split(b"\0", 5)
        self.environment = rest[: int(size)]
        self.pointers = rest[int(size) :]
        self.descriptors = descriptors


def receive(node, buffer):
    count, attached, _, _ = node.recvmsg_into([buffer], _socket.CMSG_SPACE(32 * 4))
    if count == 0:
        posix._exit(0)
    descriptors = []
    for _, _, data in attached:
        descriptors += memoryview(data[: len(data) // INT * INT]).cast("i")
    return count, descriptors


def fork():
    before_fork()
    # The kinds of processor differ in the order of the last two; the one that is not the thread's id is not looked at.
    pid = clone(*clone_arguments)
    if pid == 0:
        after_fork_in_child()
    else:
        after_fork_in_parent()
    return pid


def serve(node):
    """Forks a spare whenever asked to. Returns in the spare, with its connection as descriptor 3."""
    while True:
        _, descriptors = receive(node, buffer)
        pid = fork()
        if pid == 0:
            posix.dup2(descriptors[0], NODE)
            posix.close(descriptors[0])
            return
        node.send(b"%d" % pid)
        posix.close(descriptors[0])


def wait_for_job(node):
    """A spare is all that a job's process is, but for what it runs. It ends with the node, and where the node lets go of it."""
    if set_process(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 or posix.getppid() != node_pid:
        posix._exit(0)  # the node died before the line above
    posix.setsid()
    if "threading" in sys.modules:
        sys.modules["threading"].main_thread()._set_native_id()
    arguments_area[: len(spare_title)] = spare_title
    count, descriptors = receive(node, buffer)
    return Request(bytes(memoryview(buffer)[:count]), descriptors)


def job(request):
    try:
        enter(request)
    except BaseException as error:
        posix.write(request.descriptors[1], f"windtunnel: {error}\n".encode())
        posix._exit(127)
    posix.closerange(NODE, 1 << 30)
    box, ended = [None], []
    try:
        box[0] = load(request, become_fresh(request))
        if in_generations:
            gc.collect(1 if main_is_old else 0)
            old_collections[:] = collections()
        gc.enable()
        call(box, ended)
    except BaseException:
        if box:
            start_anew(request)  # the job has not begun
    code = 1
    try:
        if not has_own_streams():
            failure(flush, (getattr(sys, "stderr", None),))
            failure(flush, (getattr(sys, "stdout", None),))
        code = exit_code(ended) if ended else 0
        if ended:
            apart(ended.clear)
    except BaseException:
        pass
    end(code)


def prove():
    """Tries on itself what must not fail in a job."""
    if slot is None:
        unfit("its frames are not found")
    probe = b"import sys\nassert sys._getframe().f_back is None\nanswer = 6 * 7\n"
    own = sys.modules["__main__"]
    sys.modules["__main__"] = type(sys)("__main__")
    ended = []
    call([compile_text(probe, b"probe", FILE_INPUT, None, -1)], ended)
    callers = apart(eval, ("__import__('sys')._getframe().f_back", {})) if not ended else own
    answer = getattr(sys.modules["__main__"], "answer", None)
    sys.modules["__main__"] = own
    if ended or callers is not None or answer != 42:
        unfit("its frames are not as expected")


api.PyMem_RawCalloc.restype = ctypes.c_void_p
api.PyMem_RawCalloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
compile_text = api.Py_CompileStringExFlags
compile_text.restype = ctypes.py_object
compile_text.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
thread_state = api.PyThreadState_Get
thread_state.restype = ctypes.c_void_p

# What is needed after the job, which may replace what it finds in modules and in builtins.
modules, run, own_hook, integer_of, leave = sys.modules, exec, sys.__excepthook__, int.__index__, posix._exit
posix_write, call_traced, flush = posix.write, sys.call_tracing, _operator.methodcaller("flush")
traceback_of = BaseException.__dict__["__traceback__"]
thread_count, exit_count = _thread._count, atexit._ncallbacks
collector_state, objects_of, freeze_count = gc.get_stats, gc.get_objects, gc.get_freeze_count
in_generations, with_last_exception = sys.version_info < (3, 14), sys.version_info >= (3, 12)


def c_function(function, result, *arguments):
    function.restype, function.argtypes = result, arguments
    return function


write_object = c_function(api.PyFile_WriteObject, ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int)
say = c_function(api.PySys_WriteStderr, None, ctypes.c_char_p)
audit = c_function(api.PySys_Audit, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)
set_signal = c_function(api.PyOS_setsig, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
signal_handler = c_function(api.PyOS_getsig, ctypes.c_void_p, ctypes.c_int)
exit_interpreter = c_function(api.Py_Exit, None, ctypes.c_int)
at_exit = c_function(system.__getattr__("__cxa_atexit"), ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
address_of_raise = ctypes.cast(system.__getattr__("raise"), ctypes.c_void_p).value
state = thread_state()
call_apart, untrace, retrace = call_traced, int, int
if sys.version_info >= (3, 11):  # no such thing before
    trace_nothing = c_function(api.PyThreadState_EnterTracing, None, ctypes.c_void_p)
    trace_nothing(state)
    if sys.version_info < (3, 12):  # where `call_traced` leaves off what was left on
        untrace, retrace = trace_nothing, c_function(api.PyThreadState_LeaveTracing, None, ctypes.c_void_p)
        call_apart = c_function(api.PyObject_CallObject, ctypes.py_object, ctypes.py_object, ctypes.py_object)

if len(os.listdir("/proc/self/task")) != 1:
    unfit("it has several threads when it starts")

SourceFileLoader = sys.modules["_frozen_importlib_external"].SourceFileLoader
original_main = sys.modules["__main__"].__dict__
node_pid = os.getppid()
user_places = places_of_user()
made_of = [b"%d %s" % (time, path) for path, time in import_places()]
sys.path.insert(0, "")  # the script's folder will be here
stack = stack_area()
program_bytes = os.fsencode(program)
environment = os.environ._data  # the very dictionary of `posix.environ`
own_variables = [item for item in environment.items() if item[0] not in initial_environment()]
arguments_area, environment_area, environment_address = text_areas()
own_title = b"%s -u %s" % (program_bytes, os.fsencode(__file__))
arguments_area[: len(own_title)] = own_title
spare_title = own_title + b" waits for a job"
time_zone = environment.get(b"TZ")
thread_id = ctypes.c_ulong(thread_id_address())
clone_arguments = (
    ctypes.c_long(SYSCALL_CLONE[os.uname().machine]),
    ctypes.c_ulong(CLONE_PARENT | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD),
    ctypes.c_ulong(0),
    ctypes.c_ulong(0),
    thread_id,
    thread_id,
)
# Looked up here: each look in a fork costs pages of its own.
clone, set_process, set_limit = system.syscall, system.prctl, system.setrlimit
before_fork, after_fork_in_child, after_fork_in_parent = api.PyOS_BeforeFork, api.PyOS_AfterFork_Child, api.PyOS_AfterFork_Parent

for name in set(sys.modules) - BASE:
    del sys.modules[name]
sys.path_importer_cache.clear()
sys.path_importer_cache.update(IMPORTERS)
streams = sys.stdout, sys.stderr
stream_spaces = [vars(stream) for stream in (*streams, *(stream.buffer for stream in streams))]
stream_size = sum(map(len, stream_spaces))
# Kinds of objects that end without anybody seeing it; what they hold is looked at for itself. Not a class: its objects may be anything.
silent = {dict, list, tuple, set, frozenset, slice, property, staticmethod, classmethod, enumerate, zip, map, filter}
silent |= {type(prove), type(len), type(gc), type(node_pid.__add__), type(SourceFileLoader("", "").get_code), SourceFileLoader, Request}
silent.add(type((lambda held: lambda: held)(0).__closure__[0]))
gc.disable()
buffer = bytearray(REQUEST_BYTES_MAX)  # only those of its pages that are used are had
slot = find_slot()
prove()
environment.clear()
environment_pointers = empty_table(len(environment_area))
node = _socket.socket(fileno=NODE)
node.send(b"\0".join([b"ready", b"%d" % environment_address, b"%d" % len(environment_area), *made_of]))
gc.collect()
old_collections = collections()
serve(node)
job(wait_for_job(node))
