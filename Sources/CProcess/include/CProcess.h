// System calls that Swift cannot name: variadic ones, ones the C library has no function for, and what has to happen
// between the start of a process and its program. Empty off Linux.
#ifndef ORCHESTRATE_CPROCESS_H
#define ORCHESTRATE_CPROCESS_H

#if defined(__linux__)
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int orchestrate_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); }

// Resources of a child that has ended, without reaping it. waitid(2) of the C library has no usage parameter.
static inline int orchestrate_peek_usage(pid_t pid, struct rusage *usage) {
    siginfo_t information;
    return (int)syscall(SYS_waitid, P_PID, pid, &information, WEXITED | WNOHANG | WNOWAIT, usage);
}

static inline int orchestrate_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static inline int orchestrate_pidfd_signal(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, (void *)0, 0);
}

// A pipe and a connection that are closed on exec from the first moment on. Swift does not see these with _GNU_SOURCE.
int orchestrate_pipe(int ends[2]);
int orchestrate_accept(int listener);

// A file in memory that belongs to no file system; closed on exec.
int orchestrate_memory_file(const char *name);

// What a program is started with. Pointers have to stay valid during the call only.
struct orchestrate_start {
    const char *program;         // a path
    char *const *arguments;      // ends with NULL
    char *const *environment;    // ends with NULL
    const char *directory;
    int streams[3];              // standard input, output and error
    const int *kept;             // other descriptors that stay open, under their own numbers
    int kept_count;
    int64_t file_size;           // bytes of the largest file it may write; -1 for no limit
    int64_t cpu;                 // seconds of processor time of one process; -1 for no limit
    int ruleset;                 // a Landlock ruleset, or -1
    const void *filter;          // seccomp program, or NULL
    int filter_length;           // instructions of it
};

enum orchestrate_start_step {
    orchestrate_step_fork, orchestrate_step_files, orchestrate_step_directory, orchestrate_step_limits,
    orchestrate_step_confine, orchestrate_step_program,
};

// Starts a program as the leader of a session of its own, with all signals as they are by default, no core files, and
// first in line when memory runs out. Returns its id; or -1 with the step that failed, and errno.
pid_t orchestrate_start(const struct orchestrate_start *start, enum orchestrate_start_step *failed);

// A TCP socket that listens on a port of the loopback in the network namespace of another process of this user.
// Returns a descriptor, or -1 with errno.
int orchestrate_listen_inside(pid_t process, uint16_t port);

// The version of Landlock that the kernel has; 0 for none.
int orchestrate_landlock_version(void);

// A ruleset that denies everything it can for files, and with `connections` also TCP but to the ports that are allowed.
// Returns a descriptor, or -1 with errno.
int orchestrate_landlock_create(int connections);

enum orchestrate_access { orchestrate_access_read, orchestrate_access_write, orchestrate_access_device };

// Allows a path and all below it. Returns 0, or -1 with errno.
int orchestrate_landlock_allow(int ruleset, const char *path, enum orchestrate_access access);

// Allows connections to a TCP port of any host. Returns 0, or -1 with errno.
int orchestrate_landlock_allow_port(int ruleset, uint16_t port);

enum orchestrate_sockets {
    orchestrate_sockets_any,
    orchestrate_sockets_stream, // of the internet, TCP alone
    orchestrate_sockets_none,
};

// Writes a seccomp program that refuses what no worker needs and what would reach past a namespace: the kernel's
// keyrings, eBPF, performance counters, file handles, new kernels; and sockets as said.
// Returns how many bytes it has, each instruction 8; 0 where this processor is not known.
int orchestrate_seccomp_program(enum orchestrate_sockets sockets, void *buffer, int capacity);
#endif

#endif
