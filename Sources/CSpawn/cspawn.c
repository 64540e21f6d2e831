#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { stack_bytes = 64 * 1024, descriptors_max = 32, first_extra_descriptor = 3, fallback_descriptor_max = 65536 };

// Lives on the parent's stack; the child shares the address space, and the parent sleeps until the exec, so both may use it.
struct child {
    const struct cspawn_request *request;
    pid_t parent;
    int error;
    int step;
};

static int fail(struct child *child, int step) {
    child->error = errno;
    child->step = step;
    _exit(127);
}

// An ignored signal stays ignored over exec, and a handler of the parent must never run in the shared address space.
static void reset_signals(void) {
    // The system call itself, since the library's function keeps its own two signals from us. All zero is the default action.
    static const struct {
        uintptr_t handler, flags, restorer;
        uint64_t mask;
    } standard = {0};
    for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, &standard, NULL, sizeof standard.mask);
}

static void close_on_exec_from(int first) {
    if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    struct rlimit limit;
    int last = fallback_descriptor_max;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)last) last = (int)limit.rlim_cur;
    for (int descriptor = first; descriptor < last; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0) fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
}

// Sources that a target would overwrite are moved out of the way first; everything else is closed by the exec.
static int place_descriptors(const struct cspawn_request *request) {
    int moved[descriptors_max];
    int beyond = first_extra_descriptor;
    for (int i = 0; i < request->descriptor_count; i++)
        if (request->to[i] >= beyond) beyond = request->to[i] + 1;
    for (int i = 0; i < request->descriptor_count; i++) {
        moved[i] = request->from[i];
        if (moved[i] < beyond && (moved[i] = fcntl(moved[i], F_DUPFD_CLOEXEC, beyond)) < 0) return -1;
    }
    close_on_exec_from(first_extra_descriptor);
    for (int i = 0; i < request->descriptor_count; i++)
        if (dup2(moved[i], request->to[i]) < 0) return -1;
    return 0;
}

static int set_limits(const struct cspawn_request *request) {
    for (int i = 0; i < request->limit_count; i++) {
        struct rlimit limit = {.rlim_cur = request->limits[i].soft, .rlim_max = request->limits[i].hard};
        if (setrlimit(request->limits[i].resource, &limit) < 0) return -1;
    }
    return 0;
}

// What it forks from here on is in the groups too, and nothing that the program does is outside of them.
static int join_groups(const struct cspawn_request *request) {
    for (int i = 0; i < request->group_count; i++)
        if (write(request->groups[i], "0", 1) != 1) return -1;
    return 0;
}

static int restrict_processors(const struct cspawn_request *request) {
    if (request->processor_count == 0) return 0;
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < request->processor_count; i++) CPU_SET(request->processors[i], &set);
    return sched_setaffinity(0, sizeof set, &set);
}

static int run_child(void *argument) {
    struct child *child = argument;
    const struct cspawn_request *request = child->request;
    reset_signals();
    if (request->dies_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != child->parent) _exit(127);  // the parent died before the line above
    }
    if (join_groups(request) < 0) return fail(child, CSPAWN_GROUP);
    if (restrict_processors(request) < 0) return fail(child, CSPAWN_PROCESSORS);
    if (request->new_session && setsid() < 0) return fail(child, CSPAWN_SESSION);
    if (request->directory && chdir(request->directory) < 0) return fail(child, CSPAWN_DIRECTORY);
    if (place_descriptors(request) < 0) return fail(child, CSPAWN_DESCRIPTORS);
    if (set_limits(request) < 0) return fail(child, CSPAWN_LIMITS);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(request->path, request->argv, request->envp);
    return fail(child, CSPAWN_EXEC);
}

// One stack is kept from spawn to spawn: mapping one costs as much as several of the other steps together.
static _Atomic(char *) kept_stack;

static char *take_stack(void) {
    char *stack = atomic_exchange(&kept_stack, NULL);
    return stack ? stack : mmap(NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
}

static void give_stack(char *stack) {
    char *other = atomic_exchange(&kept_stack, stack);
    if (other) munmap(other, stack_bytes);
}

int cspawn(const struct cspawn_request *request, pid_t *pid, int *pidfd, int *failed_step) {
    *failed_step = CSPAWN_DESCRIPTORS;
    if (request->descriptor_count > descriptors_max) return E2BIG;
    *failed_step = CSPAWN_CLONE;
    char *stack = take_stack();
    if (stack == MAP_FAILED) return errno;

    struct child child = {.request = request, .parent = getpid()};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t started = clone(run_child, stack + stack_bytes, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, pidfd);
    int clone_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    give_stack(stack);

    if (started < 0) return clone_error;
    if (child.error) {
        while (waitpid(started, NULL, 0) < 0 && errno == EINTR) {
        }
        close(*pidfd);
        *failed_step = child.step;
        return child.error;
    }
    *pid = started;
    return 0;
}

int cspawn_resource(int index) {
    static const int resources[] = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_FSIZE, RLIMIT_CORE};
    return resources[index];
}

int cspawn_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int cspawn_pidfd_send_signal(int pidfd, int signal) { return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0); }

int cspawn_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

int cspawn_signal_descriptor(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cspawn_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

pid_t cspawn_ended_child(void) {
    siginfo_t info = {0};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid : 0;
}

pid_t cspawn_reap(pid_t pid, int blocking, int *signalled, int *code, struct rusage *usage) {
    int status = 0;
    pid_t reaped;
    do reaped = wait4(pid, &status, blocking ? 0 : WNOHANG, usage);
    while (reaped < 0 && errno == EINTR);
    if (reaped <= 0) return reaped;
    *signalled = WIFSIGNALED(status);
    *code = *signalled ? WTERMSIG(status) : WEXITSTATUS(status);
    return reaped;
}

int cspawn_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

const char *cspawn_error_text(int error) { return strerrordesc_np(error); }

int cspawn_is_main_thread(void) { return gettid() == getpid(); }

int cspawn_open_io(pid_t pid) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/io", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int cspawn_read_io(int descriptor, int64_t *read_bytes, int64_t *written_bytes) {
    char text[256];
    ssize_t count = pread(descriptor, text, sizeof text - 1, 0);
    if (count <= 0) return -1;
    text[count] = 0;
    long long in, out;
    if (sscanf(text, "rchar: %lld wchar: %lld", &in, &out) != 2) return -1;
    *read_bytes = in;
    *written_bytes = out;
    return 0;
}

int cspawn_processors(int *numbers, int capacity) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return 0;
    int count = 0;
    for (int number = 0; number < CPU_SETSIZE && count < capacity; number++)
        if (CPU_ISSET(number, &set)) numbers[count++] = number;
    return count;
}
