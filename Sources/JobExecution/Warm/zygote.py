"""An interpreter that is up already, and of which each job gets a fork. Started by the node: `python -u zygote.py PADDING`.

Descriptor 3 is its end of a socket pair with the node. It says `ready`, and then takes requests, one message each, with the job's
two output streams attached. The job's process is made with CLONE_PARENT, so that it is the node's own child; it sets itself up, says
its pid on the socket, and only then becomes the job. Whoever finds the socket closed has not been started: nothing runs twice.

What a job sees is what `python -u SCRIPT` shows. Where that cannot be had from a fork, the job's process executes just that.
Python 3.10 and newer, on Linux; an older one says that it cannot. Exit codes: 0 the node has gone or the installation changed, 3 this interpreter cannot do it.
"""

import os
import sys

BASE = frozenset(sys.modules)
own_place = sys.path.pop(0)  # nothing is imported from there

import _socket  # noqa: E402
import _thread  # noqa: E402
import array  # noqa: E402
import builtins  # noqa: E402
import ctypes  # noqa: E402
import gc  # noqa: E402
import posix  # noqa: E402
import site  # noqa: E402
import stat  # noqa: E402

NODE = 3
UNFIT = 3
REQUEST_BYTES_MAX = 256 << 10
SYSCALL_CLONE = {"x86_64": 56, "aarch64": 220, "riscv64": 220}
CLONE_PARENT, CLONE_CHILD_CLEARTID, CLONE_CHILD_SETTID = 0x8000, 0x200000, 0x1000000
PR_SET_PDEATHSIG, PR_GET_TID_ADDRESS = 1, 40
SIGINT, SIGKILL, SIGPIPE, SIGCHLD, SIGXFSZ = 2, 9, 13, 17, 25
WORD = 8

api = ctypes.pythonapi
# Without letting go of the interpreter's lock: there is one thread, and after the fork none that could take it.
system = ctypes.PyDLL(None)
word_at = ctypes.c_void_p.from_address


class Limit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_uint64), ("hard", ctypes.c_uint64)]


def unfit(reason):
    os.write(2, f"windtunnel: {sys.executable} starts each job anew: {reason}\n".encode())
    os._exit(UNFIT)


# What the running interpreter is made of.


def initial_program():
    with open("/proc/self/cmdline", "rb") as file:
        return file.read().partition(b"\0")[0]


def initial_environment():
    with open("/proc/self/environ", "rb") as file:
        return dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)


def text_areas():
    """Where the system reads this process's arguments and environment from, for those who look under /proc."""
    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return int(fields[45]), int(fields[46]), int(fields[47]), int(fields[48])


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


def kind(descriptor):
    """What Python's own stream objects depend on."""
    status = os.fstat(descriptor)
    return stat.S_IFMT(status.st_mode), status.st_blksize


def import_places():
    """Folders of the import path and when they changed: whoever installs something wants it seen."""
    places = []
    for path in sys.path + [os.path.join(sys.prefix, "pyvenv.cfg")]:
        try:
            places.append((path, os.stat(path).st_mtime_ns))
        except OSError:
            places.append((path, None))
    return places


def changed_since(places):
    for path, time in places:
        try:
            now = os.stat(path).st_mtime_ns
        except OSError:
            now = None
        if now != time:
            return True
    return False


# The job's process.


class Misfit(Exception):
    """The fork cannot be what a fresh interpreter would be."""


def enter(request):
    """Session, folder, streams and limits, as the node gives them to any process. What fails here fails the launch."""
    if system.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 or os.getppid() != node_pid:
        os._exit(127)  # the node died before the line above
    for group in request.groups:
        os.write(group, b"0")
    if request.processors:
        os.sched_setaffinity(0, request.processors)
    os.setsid()
    os.chdir(request.folder)
    os.dup2(request.streams[0], 1)
    os.dup2(request.streams[1], 2)
    for resource, soft, hard in request.limits:
        if system.setrlimit(resource, ctypes.byref(Limit(soft, hard))) != 0:
            raise OSError("cannot set the resource limits")


def become_fresh(request):
    """All that an interpreter takes from its surroundings when it starts."""
    if (kind(1), kind(2)) != stream_kinds:
        raise Misfit
    data = os.environ._data  # the very dictionary of `posix.environ`
    data.clear()
    system.clearenv()
    for entry in request.environment:
        name, _, value = entry.partition(b"=")
        posix.putenv(name, value)
        data[name] = value
    for name, value in own_variables:
        if name not in data:
            posix.putenv(name, value)
            data[name] = value
    show(request)
    if data.get(b"TZ") != time_zone and "time" in sys.modules:
        sys.modules["time"].tzset()
    if site.ENABLE_USER_SITE:
        site.USER_SITE = site.USER_BASE = None
        if os.path.isdir(site.getusersitepackages()):
            raise Misfit
    script = os.fsdecode(request.script)
    sys.argv[:] = [script]
    sys.orig_argv[:] = [sys.orig_argv[0], "-u", script] if hasattr(sys, "orig_argv") else []
    sys.path[0] = os.path.dirname(script)
    return script


def show(request):
    """Puts arguments and environment where /proc shows them: by these a job's processes are known from outside."""
    arguments, arguments_end, environment, environment_end = areas
    title = b" ".join([program, b"-u", request.script])[: arguments_end - arguments - 2]
    ctypes.memset(arguments, 0, arguments_end - arguments - 1)
    ctypes.memmove(arguments, title, len(title))
    ctypes.memset(arguments_end - 1, 0x20, 1)  # says that this is one text, which ends earlier
    room = environment_end - environment
    block = b"\0".join(request.environment) + b"\0"
    if len(block) > room:
        block = b""
        first = (b"WINDTUNNEL_JOB_ID=", b"HOME=")
        for entry in sorted(request.environment, key=lambda entry: not entry.startswith(first)):
            if len(block) + len(entry) < room:
                block += entry + b"\0"
    ctypes.memset(environment, 0, room)
    ctypes.memmove(environment, block, len(block))


def load(script):
    """Makes `__main__` of the script, as the interpreter itself does."""
    with open(script, "rb") as file:
        source = file.read()
    code = compile(source, script, "exec", 0, True)  # what fails here, the interpreter says in its own words
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


def call(box):
    """Runs the code in `box` as `__main__`, with no frame of ours below it. Returns the exception that ended it.

    The interpreter finds a frame's caller by what it takes for the running frame; for the time of the call that is none. The place is
    known by its content alone, so that no version's layout is assumed, and it is tried before it is used for a job.
    """
    frame = sys._getframe()
    mine = id(frame) if sys.version_info < (3, 11) else word_at(id(frame) + object.__basicsize__ + WORD).value
    slot = None
    state = thread_state()
    for place in range(state, state + 40 * WORD, WORD):
        value = word_at(place).value
        if value == mine:
            slot = word_at(place)
            break
        if value is not None and stack[0] <= value < stack[1] - WORD:
            for inner in (value, value + WORD):
                if word_at(inner).value == mine:
                    slot = word_at(inner)
            if slot is not None:
                break
    del frame
    if slot is None:
        raise Misfit
    slot.value = None
    try:
        exec(box.pop(), sys.modules["__main__"].__dict__)
    except BaseException as error:
        slot.value = mine
        error.__traceback__ = error.__traceback__.tb_next
        return error
    slot.value = mine
    return None


def exit_code(error):
    """What the interpreter makes of an exception that nobody caught: a code, or minus a signal."""
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        return exit_code_of_exit(error)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    try:
        hook = sys.excepthook
    except AttributeError:
        print("sys.excepthook is missing", file=sys.stderr)
        hook = sys.__excepthook__
    try:
        hook(type(error), error, error.__traceback__)
    except SystemExit as ending:
        return exit_code_of_exit(ending)
    except BaseException as second:
        print("Error in sys.excepthook:", file=sys.stderr)
        second.__traceback__ = second.__traceback__.tb_next
        sys.__excepthook__(type(second), second, second.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
    return -SIGINT if isinstance(error, KeyboardInterrupt) else 1


def exit_code_of_exit(ending):
    code = getattr(ending, "code", ending)
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(1 << 63) <= code < 1 << 63 else 0xFF
    try:
        sys.stderr.write(str(code))
    except BaseException:
        pass
    try:
        sys.stderr.write("\n")
    except BaseException:
        pass
    return 1


def is_plain():
    """Whether the job left nothing for the interpreter's own end to do but its `__main__`."""
    return (
        not _thread._count()
        and sys.modules.keys() <= BASE
        and sum(map(len, base_spaces)) == base_size
        and not {"threading", "atexit"} & BASE
    )


def flushed():
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except BaseException:
        return False
    return True


def end(code):
    """Ends as the interpreter does. The common case is spared the walk over everything that the job never touched."""
    if code >= 0 and not (is_plain() and flushed()):
        api.Py_Exit(code)
    if code < 0:
        end_by_signal(-code)
    # Name by name, as the interpreter does: within a cycle, which functions of the job make of its names, a file could lose its
    # descriptor before what is still to be written to it.
    space = sys.modules["__main__"].__dict__
    sys.modules["__main__"] = None
    empty(space)
    collect_young()
    if not flushed():
        api.Py_Exit(code)
    os._exit(code)


def empty(space):
    """As the interpreter empties a module: what begins with an underscore first."""
    for private in (True, False):
        for name in list(space):
            if name != "__builtins__" and (not private or name[:1] == "_" != name[1:2]):
                space[name] = None


def collect_young():
    # What is old is from before the fork, as long as there was no collection of the old.
    is_young = sys.version_info < (3, 14) and gc.get_stats()[2]["collections"] == old_collections
    gc.collect(1 if is_young else 2)


def end_by_signal(number):
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    flushed()
    api.PyOS_setsig(number, None)
    os.kill(os.getpid(), number)


def start_anew(request):
    """Becomes what was asked for by executing it: same process, session, streams and limits."""
    for number in (SIGPIPE, SIGXFSZ):
        api.PyOS_setsig(number, None)
    environment = dict(entry.split(b"=", 1) for entry in request.environment)
    os.execve(program, [program, b"-u", request.script], environment)


# The loop.


class Request:
    """Texts, each ended by a NUL: folder, script, limits as `resource:soft:hard,`..., processors, and the environment. Descriptors: two
    streams, and the entries of groups."""

    def __init__(self, data, streams):
        self.folder, self.script, limits, processors, *self.environment = data.split(b"\0")[:-1]
        self.limits = [tuple(map(int, limit.split(b":"))) for limit in limits.split(b",") if limit]
        self.processors = [int(number) for number in processors.split(b",") if number]
        self.streams = streams[:2]
        self.groups = streams[2:]
        self.descriptors = streams


def receive(node, buffer):
    count, attached, _, _ = node.recvmsg_into([buffer], _socket.CMSG_SPACE(32 * 4))
    if count == 0:
        os._exit(0)
    streams = array.array("i")
    for _, _, data in attached:
        streams.frombytes(data[: len(data) - len(data) % streams.itemsize])
    return Request(bytes(memoryview(buffer)[:count]), streams)


def fork():
    api.PyOS_BeforeFork()
    # The kinds of processor differ in the order of the last two; the one that is not the thread's id is not looked at.
    pid = system.syscall(*clone_arguments)
    if pid == 0:
        api.PyOS_AfterFork_Child()
    else:
        api.PyOS_AfterFork_Parent()
    return pid


def serve(node):
    """Returns in the job's process, with its request."""
    buffer = bytearray(REQUEST_BYTES_MAX)
    node.send(b"ready")
    while True:
        request = receive(node, buffer)
        if changed_since(places):
            os._exit(0)
        pid = fork()
        if pid == 0:
            return request
        if pid < 0:
            node.send(b"!cannot fork")
        for descriptor in request.descriptors:
            os.close(descriptor)


def job(node, request):
    try:
        enter(request)
        node.send(b"%d" % os.getpid())
    except BaseException as error:
        try:
            node.send(b"!" + str(error).encode())
        finally:
            os._exit(127)
    os.closerange(NODE, 1 << 30)
    try:
        box = [load(become_fresh(request))]
        gc.enable()
        error = call(box)
    except BaseException:
        start_anew(request)  # the job has not begun
    code = exit_code(error)
    del error
    end(code)


def prove():
    """Tries on itself what must not fail in a job."""
    probe = "import sys\nassert sys._getframe().f_back is None\nanswer = 6 * 7\n"
    own = sys.modules["__main__"]
    sys.modules["__main__"] = type(sys)("__main__")
    error = call([compile(probe, "probe", "exec")])
    answer = getattr(sys.modules["__main__"], "answer", None)
    sys.modules["__main__"] = own
    if error is not None or answer != 42:
        unfit("its frames are not as expected")


api.PyOS_setsig.restype = ctypes.c_void_p
api.PyOS_setsig.argtypes = [ctypes.c_int, ctypes.c_void_p]
thread_state = api.PyThreadState_Get
thread_state.restype = ctypes.c_void_p

if len(os.listdir("/proc/self/task")) != 1:
    unfit("it has several threads when it starts")
if sys.version_info < (3, 10) or "t" in getattr(sys, "abiflags", "") or os.uname().machine not in SYSCALL_CLONE:
    unfit("it is of an unknown kind")

SourceFileLoader = sys.modules["_frozen_importlib_external"].SourceFileLoader
original_main = sys.modules["__main__"].__dict__
node_pid = os.getppid()
places = import_places()
sys.path.insert(0, "")  # the script's folder will be here
areas = text_areas()
stack = stack_area()
program = initial_program()
own_variables = [item for item in os.environ._data.items() if item[0] not in initial_environment()]
time_zone = os.environb.get(b"TZ")
stream_kinds = (kind(1), kind(2))
thread_id = ctypes.c_ulong(thread_id_address())
clone_arguments = (
    ctypes.c_long(SYSCALL_CLONE[os.uname().machine]),
    ctypes.c_ulong(CLONE_PARENT | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD),
    ctypes.c_ulong(0),
    ctypes.c_ulong(0),
    thread_id,
    thread_id,
)

for name in set(sys.modules) - BASE:
    del sys.modules[name]
sys.path_importer_cache.pop(own_place, None)
base_spaces = [vars(module) for name, module in sys.modules.items() if name != "__main__"]
base_size = sum(map(len, base_spaces))
gc.disable()
gc.collect()
prove()
old_collections = gc.get_stats()[2]["collections"]
node = _socket.socket(fileno=NODE)
request = serve(node)
job(node, request)
