import Foundation
import JobExecution
import ProcessSpawn
import Testing

@Suite("A warm job is as a cold one", .timeLimit(.minutes(5)))
struct WarmEqualityTests {
    /// What the job shows, with its own name taken out.
    private struct Sight: Equatable {
        var exitCode: Int32?
        var signal: Int32?
        var output: String
        var error: String
        /// What it left in `out`.
        var file: String?
    }

    @Test("in output, error output and ending", arguments: Self.programs)
    func program(name: String, code: String) async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let (warm, cold) = (try await see("warm", code, node), try await see("cold", code, node))
            #expect(warm == cold)
        }
    }

    private func see(_ job: String, _ code: String, _ node: NodeUnderTest) async throws -> Sight {
        node.python(
            job, code, job == "warm" ? .warm : .cold, environment: [("TZ", "Asia/Tokyo"), ("GIVEN", "a=b c")],
            limits: [ResourceLimit(.openFiles, soft: 100, hard: 200), ResourceLimit(.coreSizeBytes, 0)])
        let exit = try await node.exit(job)
        #expect(exit.wallSeconds != nil && exit.cpuUserSeconds != nil)
        return Sight(
            exitCode: exit.exitCode, signal: exit.signal, output: try node.output(job).replacing(job, with: "JOB"),
            error: try node.errorOutput(job).replacing(job, with: "JOB"),
            file: try? String(contentsOfFile: node.folder.workFolder(ofJob: job) + "/out", encoding: .utf8))
    }

    private static let programs: [(String, String)] = [
        ("environment", "import os\nprint(list(os.environ.items()), list(os.environb.items()))\nos.system('env | grep -v ^_=')"),
        ("variables set and unset", "import os\nos.environ['NEW'] = 'x'\ndel os.environ['GIVEN']\nos.system('env | grep -v ^_=')"),
        ("environment seen from outside", "print(sorted(x for x in open('/proc/self/environ', 'rb').read().split(b'\\0') if x))"),
        ("place", "import os, sys\nprint(os.getcwd(), sys.argv, sys.orig_argv, sys.path, sys.executable, sys.prefix, __file__)"),
        ("main", "print({k: str(v).split(' at ')[0] for k, v in globals().items()}, __builtins__, type(__loader__), __loader__.path)"),
        ("flags", "import sys\nprint(sys.flags, sys.warnoptions, sys._xoptions, sys.getrecursionlimit(), sys.dont_write_bytecode)"),
        ("modules", "import sys\nprint(sorted(sys.modules), sys.modules['__main__'].__dict__ is globals())"),
        ("modules that the interpreter's forking needs", """
            import ctypes, array, gc, socket, struct, sys
            print(ctypes.sizeof(ctypes.c_long), ctypes.string_at(b'abc'), array.array('i', [1]), gc.isenabled(), gc.get_threshold(), gc.get_freeze_count())
            print(ctypes.CDLL(None).getpid() == __import__('os').getpid(), [m for m in sys.modules if 'zygote' in m])
            """),
        ("importers", "import sys\nprint(list(sys.path_importer_cache))"),
        ("thread id", "import threading\nprint(threading.main_thread().native_id == threading.get_native_id())"),
        ("null byte", "print('never')\nx = '\0'\n"),
        ("large script", "x = [\n" + String(repeating: "    'some text',\n", count: 20_000) + "]\nprint(len(x))"),
        ("site", "import site, sys\nprint(site.ENABLE_USER_SITE, site.USER_SITE, site.USER_BASE, site.getsitepackages())"),
        ("streams", """
            import sys
            for s in (sys.stdin, sys.stdout, sys.stderr):
                print(s.name, s.mode, s.encoding, s.errors, s.line_buffering, s.write_through, s.seekable(), s.newlines, type(s.buffer), s.isatty())
            print(sys.stdin.read() == '', sys.stdout is sys.__stdout__)
            """),
        ("signals", """
            import signal
            print([(s, signal.getsignal(s)) for s in sorted(signal.valid_signals())], signal.pthread_sigmask(signal.SIG_BLOCK, []))
            print([l for l in open('/proc/self/status') if l.startswith(('Sig', 'Shd')) and not l.startswith('SigQ')])
            """),
        ("descriptors", """
            import os
            print([(n, os.readlink('/proc/self/fd/' + n)) for n in sorted(os.listdir('/proc/self/fd')) if os.path.exists('/proc/self/fd/' + n)])
            import fcntl
            print([fcntl.fcntl(n, fcntl.F_GETFL) for n in range(3)], [fcntl.fcntl(n, fcntl.F_GETFD) for n in range(3)])
            """),
        ("limits and mask", """
            import os, resource
            print([(n, resource.getrlimit(getattr(resource, n))) for n in sorted(dir(resource)) if n.startswith('RLIMIT_')])
            mask = os.umask(0)
            print(mask, os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0))
            """),
        ("session", """
            import os, threading
            pid = os.getpid()
            print(os.getsid(0) == pid, os.getpgrp() == pid, threading.get_native_id() == pid, threading.main_thread() is threading.current_thread())
            """),
        ("time zone", "import time\nprint(time.tzname, time.timezone, time.localtime(0))"),
        ("frames", "import sys, traceback, inspect\nprint(sys._getframe().f_back, len(inspect.stack()))\ntraceback.print_stack()"),
        ("warning", "import warnings\nwarnings.warn('one', stacklevel=1)\nwarnings.warn('three', stacklevel=3)"),
        ("recursion", "def f(n):\n    global deep\n    deep = n\n    f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    print(deep // 100, e)"),
        ("traceback", "def f():\n    raise ValueError('no')\ntry:\n    f()\nexcept ValueError as e:\n    raise KeyError('yes') from e"),
        ("uncaught, with modules", "import json\njson.loads('{')"),
        ("syntax error", "print('never')\nx = = 2\n"),
        ("warning of the compiler", "x = 1\nprint(x is 1, '\\d')"),
        ("encoding", "# -*- coding: latin-1 -*-\nprint(ascii('\u{e9}'))"),
        ("exit code", "raise SystemExit(7)"),
        ("exit code beyond a byte", "import sys\nsys.exit(258)"),
        ("negative exit code", "import sys\nsys.exit(-1)"),
        ("exit with a text", "import sys\nsys.exit('because')"),
        ("exit with nothing", "import sys\nprint(1)\nsys.exit()"),
        ("exit of the system", "import os\nprint(1)\nos._exit(9)"),
        ("interrupt", "raise KeyboardInterrupt"),
        ("killed by itself", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)"),
        ("abort", "import os\nos.abort()"),
        ("closed output", "import os\nos.close(1)\nprint('x')"),
        ("own hook", "import sys\nsys.excepthook = lambda t, v, b: print('hook', t, v, b.tb_lineno)\n1/0"),
        ("own hook that fails", "import sys\ndef hook(t, v, b):\n    raise TypeError('hook')\nsys.excepthook = hook\n1/0"),
        ("files left open", "f = open('out', 'w')\nf.write('kept')\nclass A:\n    def __del__(self): print('del')\na = A()"),
        ("finalizers in a cycle", "class A:\n    def __del__(self): print('del', self.n)\na, b = A(), A()\na.n, b.n, a.o, b.o = 1, 2, b, a\ndef f(): return a"),
        ("at exit", "import atexit, sys\natexit.register(print, 'first')\natexit.register(sys.stderr.write, 'last')\nprint(len(sys.modules) > 9)"),
        ("threads", """
            import threading, time
            def late():
                time.sleep(0.05)
                print('late')
            threading.Thread(target=late).start()
            threading.Thread(target=lambda: time.sleep(60), daemon=True).start()
            """),
        ("executor", "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as p:\n    print(list(p.map(abs, [-1, 2])))"),
        ("subprocess", "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'print(5)'], capture_output=True))"),
        ("fork", "import os\npid = os.fork()\nif pid == 0:\n    print('child')\n    raise SystemExit(3)\nprint(os.waitpid(pid, 0)[1])"),
        ("multiprocessing", """
            import multiprocessing
            if __name__ == '__main__':
                for kind in ('fork', 'spawn'):
                    with multiprocessing.get_context(kind).Pool(1) as pool:
                        print(pool.map(abs, [-3]))
            """),
        ("pickle", "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))))"),
        ("own module", "open('mine.py', 'w').write('x = 5')\nimport mine\nprint(mine.x, mine.__file__)"),
        ("memory limit", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\ntry:\n    b'x' * (1 << 30)\nexcept MemoryError:\n    print('none')"),
        ("a builtin that keeps a file", "import builtins\nbuiltins.f = open('out', 'w')\nf.write('kept')\nclass A:\n    def __del__(self): print('del')\nbuiltins.a = A()"),
        ("finalizer that uses a module", "import os\nclass Lock:\n    def __del__(self): os.remove('out'); print('gone')\nopen('out', 'w').close()\na = Lock()"),
        ("finalizer of a class without a table of names", "import os\nclass L(list):\n    __slots__ = ()\n    def __del__(self): os.write(1, b'gone')\na = L()\ndel L"),
        ("generator left open", "import os\ndef reader():\n    try: yield 1\n    finally: os.write(1, b'closed')\nr = reader()\nnext(r)"),
        ("order of finalizers", """
            class D:
                def __init__(self, n): self.n = n
                def __del__(self): print('del', self.n, D is not None)
            class M: pass
            _p, a, c, m = D('_p'), D('a'), [D('first'), D('last')], M()
            m.m, m.d = m, D('cycle')
            def f(): return a
            """),
        ("file held in several places", "f = open('out', 'w')\nf.write('kept')\nx = {'a': [f]}\ndef g(): return f"),
        ("interrupt with a file open", "f = open('out', 'w')\nf.write('kept')\nclass A:\n    def __del__(self): print('del')\na = A()\nraise KeyboardInterrupt"),
        ("interrupt that is ignored as a signal", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nraise KeyboardInterrupt"),
        ("interrupt of a class of its own", "class K(KeyboardInterrupt): pass\nraise K('x')"),
        ("interrupt with an end that fails", "import atexit\natexit.register(int, 'no')\nraise KeyboardInterrupt"),
        ("replaced ways to end", "import os, sys\nos._exit = os.kill = os.getpid = lambda *a: print('seen')\nsys.exit(3)"),
        ("replaced ways to end, interrupted", "import os\nos._exit = os.kill = os.getpid = None\nraise KeyboardInterrupt"),
        ("replaced builtins", "import builtins\nbuiltins.len = builtins.list = builtins.sum = builtins.type = builtins.getattr = None\nprint('ok')"),
        ("builtins taken away, then an error", "import builtins\ndel builtins.type, builtins.isinstance, builtins.print, builtins.BaseException\n1/0"),
        ("main taken away", "import sys\ndel sys.modules['__main__']\nclass A:\n    def __del__(self): print('del')\na = A()"),
        ("modules taken away", "import sys\nsys.modules.clear()\nprint('cleared')"),
        ("audited to the end", "import sys\nsys.addaudithook(lambda name, a: name.startswith(('gc', 'cpython', 'sys._', 'ctypes')) and print(name))"),
        ("exit without error output", "import sys\nsys.stderr = None\nsys.exit('because')"),
        ("exit whose code looks at its callers", "import traceback\nclass E(SystemExit):\n    code = property(lambda s: traceback.print_stack() or 5, lambda s, v: None)\nraise E"),
        ("exception that cannot be changed", "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass E(Exception):\n    a: int\nraise E(3)"),
        ("coroutine left over", "async def f(): pass\nx = f()"),
        ("coroutine left over at an exit", "import sys\nasync def f(): pass\nx = f()\ndef g(): sys.exit(3)\ng()"),
        ("warnings of files at the end", "import warnings\nwarnings.simplefilter('always')\nf = open('out', 'w')\nclass S: pass\ns = S()\ns.f, s.s = open('more', 'w'), s"),
        ("callers at the end", """
            import atexit, sys, traceback, warnings
            def show():
                traceback.print_stack()
                print(sys._getframe(1).f_back)
                warnings.warn('end', stacklevel=2)
            class A:
                def __del__(self): show()
            a = A()
            atexit.register(lambda: show())
            sys.excepthook = lambda *error: show()
            1/0
            """),
        ("output that is full at the end", "import sys\nsys.stdout = open('/dev/full', 'w')\nprint('x')"),
        ("output that breaks at the end", "import os, sys\nr, w = os.pipe()\nos.close(r)\nsys.stdout = open(w, 'w')\nprint('x')\nsys.exit(5)"),
        ("output of its own", """
            import sys
            class Own:
                closed = False
                def write(self, text): pass
                def flush(self): print('flush', file=sys.stderr)
            sys.stdout = Own()
            """),
        ("flush of its own", "import sys\nsys.stdout.flush = lambda: print('flush', file=sys.stderr)"),
        ("text kept back", "import sys\nsys.stdout.reconfigure(write_through=False, line_buffering=False)\nprint('late')"),
        ("profiler left on", """
            import atexit, sys
            seen = []
            def watch(f, e, a):
                if 'threading' not in f.f_code.co_filename: seen.append((e, f.f_code.co_name))
            atexit.register(lambda: (sys.setprofile(None), print(seen)))
            sys.setprofile(watch)
            """),
        ("at exit, of a module taken away", "import atexit, sys\natexit.register(print, 'last')\ndel sys.modules['atexit']"),
        ("tracer left on", "import sys\ndef trace(f, e, a):\n    if 'main' in f.f_code.co_filename: print(e, f.f_code.co_name)\n    return trace\nsys.settrace(trace)\ndef f(): return 1\nf()"),
    ]
}
