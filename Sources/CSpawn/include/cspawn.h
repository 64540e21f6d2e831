#pragma once
// What Swift cannot reach by itself: clone with a shared address space, and the system calls whose declarations need _GNU_SOURCE.
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct cspawn_limit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

/// Every pointer must stay valid until `cspawn` returns.
struct cspawn_request {
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *directory;  // NULL: the parent's
    const int *from;        // descriptors of the parent ...
    const int *to;          // ... and the numbers the child sees them under
    int descriptor_count;
    const struct cspawn_limit *limits;
    int limit_count;
    int new_session;
    int dies_with_parent;
    const int *groups;  // descriptors of `cgroup.procs`: it joins those groups before the exec
    int group_count;
    const int *processors;  // those that it may run on; none: the parent's
    int processor_count;
};

enum cspawn_step {
    CSPAWN_CLONE = 1,
    CSPAWN_SESSION,
    CSPAWN_DIRECTORY,
    CSPAWN_DESCRIPTORS,
    CSPAWN_LIMITS,
    CSPAWN_EXEC,
    CSPAWN_GROUP,
    CSPAWN_PROCESSORS,
};

/// Starts a process. Returns 0 and fills `pid` and `pidfd`, or returns the errno of `failed_step`; then no process is left.
int cspawn(const struct cspawn_request *request, pid_t *pid, int *pidfd, int *failed_step);

/// Resource numbers, whose type in C differs from platform to platform.
int cspawn_resource(int index);

int cspawn_pidfd_open(pid_t pid);
int cspawn_pidfd_send_signal(int pidfd, int signal);
int cspawn_become_subreaper(void);
/// Blocks SIGCHLD, SIGTERM and SIGINT and returns a non-blocking descriptor that tells them.
int cspawn_signal_descriptor(void);
/// Reads one signal number from that descriptor: 0 when there is none.
int cspawn_next_signal(int descriptor);
/// The pid of a child that has ended and is not reaped yet: 0 when there is none.
pid_t cspawn_ended_child(void);
/// The end of a child, reaped: `code` or, if `signalled`, the signal. Returns the pid, 0 while it runs (unless `blocking`), -1 if it is no child.
pid_t cspawn_reap(pid_t pid, int blocking, int *signalled, int *code, struct rusage *usage);
int cspawn_accept(int listener);
/// A descriptor of what the system tells of a process' reading and writing; -1 with `errno`. As an ordinary user only before it has ended.
int cspawn_open_io(pid_t pid);
/// The bytes of all its read and write calls, and of the children that it has waited for. Returns 0, or -1 when they cannot be known.
int cspawn_read_io(int descriptor, int64_t *read_bytes, int64_t *written_bytes);
/// The numbers of the processors that this process may run on, at most `capacity`. Returns how many.
int cspawn_processors(int *numbers, int capacity);
/// The system's words for an errno, valid for ever; NULL for an unknown one.
const char *cspawn_error_text(int error);
/// Whether the caller is on the thread that lives as long as the process.
int cspawn_is_main_thread(void);
/// Two ends of a connection of whole messages, closed by an exec. Returns 0, or -1 with `errno`.
int cspawn_message_pair(int ends[2]);
/// Sends one message with copies of descriptors attached, at most 32, without waiting. Returns 0, or -1 with `errno`.
int cspawn_send_message(int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count);
