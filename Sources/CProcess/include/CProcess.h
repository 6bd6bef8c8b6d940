// System calls that Swift cannot call: variadic ones, ones without a function in the C library, and the steps between
// the start of a process and its program. Outside Linux there is only the guard of a terminal.
#ifndef ORCHESTRATE_CPROCESS_H
#define ORCHESTRATE_CPROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

// Starts a process that restores a terminal when the calling program ends in any way, even by SIGKILL.
//
// The terminal then gets the bytes of `leave`; and the mode `before`, unless someone has changed the mode from `during`.
// Returns a descriptor: write one byte to it and close it to end the process without that. Returns -1 on failure, with
// errno. `process` receives the id of the process.
int orchestrate_guard_terminal(
    int terminal, const struct termios *before, const struct termios *during, const char *leave, size_t length,
    pid_t *process);

// Hashes bytes with SHA-1, which ends an index of Git.
void orchestrate_sha1(const void *bytes, size_t count, uint8_t digest[20]);

#if defined(__linux__)
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static inline int orchestrate_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); }

// Reads the resource usage of an ended child without reaping it. waitid(2) of the C library has no usage parameter.
static inline int orchestrate_peek_usage(pid_t pid, struct rusage *usage) {
    siginfo_t information;
    return (int)syscall(SYS_waitid, P_PID, pid, &information, WEXITED | WNOHANG | WNOWAIT, usage);
}

// Extended attributes, which Swift's module of the C library leaves out.
static inline ssize_t orchestrate_list_attributes(int descriptor, char *names, size_t size) {
    return flistxattr(descriptor, names, size);
}

static inline int orchestrate_remove_attribute(int descriptor, const char *name) {
    return fremovexattr(descriptor, name);
}

static inline int orchestrate_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static inline int orchestrate_pidfd_signal(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, (void *)0, 0);
}

// Create a pipe and accept a connection with close-on-exec set atomically. Swift does not see the calls that need
// _GNU_SOURCE.
int orchestrate_pipe(int ends[2]);
int orchestrate_accept(int listener);

// Creates an anonymous file in memory; closed on exec.
int orchestrate_memory_file(const char *name);

// Copies the content of a file, from the current place of both descriptors. Shares the blocks copy-on-write where the file
// system can. `shares` says whether to try that, and is set to 0 once it has failed. Returns -1 and sets errno on failure.
int orchestrate_copy_content(int from, int to, int *shares);

// Returns the first place of some bytes among others, or NULL.
const void *orchestrate_find(const void *bytes, size_t count, const void *part, size_t length);

// The settings of a program start. Pointers must stay valid only during the call.
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

// Starts a program as the leader of a new session, with default signal handlers, without core files, and as a preferred
// victim when memory runs out. Returns its id; or -1, the step that failed, and errno.
//
// Unless `listener` is NULL, the program and its descendants wait at each call that makes a hard link until it is allowed
// there. It is -1 if the kernel cannot do that.
pid_t orchestrate_start(
    const struct orchestrate_start *start, int *listener, enum orchestrate_start_step *failed);

// Makes this process and its descendants announce hard links, and sends the listener to a socket. Returns 0, or -1 with
// errno. For the child of a start: it does not allocate.
int orchestrate_announce_links(int socket);

// Receives the listener that a child has sent; -1 if it has sent none.
int orchestrate_take_listener(int socket);

// Waits for the next call that makes a hard link. Returns 0, or -1 with errno if the wait failed.
int orchestrate_next_link(int listener, uint64_t *id);

// Lets a call go on.
int orchestrate_allow_link(int listener, uint64_t id);

// Creates a TCP socket that listens on a port in the network namespace of another process of this user.
// Returns a descriptor, or -1 with errno.
int orchestrate_listen_inside(pid_t process, uint16_t port);

// Returns the version of Landlock in the kernel; 0 if there is none.
int orchestrate_landlock_version(void);

// Creates a ruleset that denies all file access. With `connections` it also denies TCP, except to allowed ports.
// Returns a descriptor, or -1 with errno.
int orchestrate_landlock_create(int connections);

enum orchestrate_access { orchestrate_access_read, orchestrate_access_write, orchestrate_access_device };

// Allows access to a path and everything below it. Returns 0, or -1 with errno.
int orchestrate_landlock_allow(int ruleset, const char *path, enum orchestrate_access access);

// Allows connections to a TCP port of any host. Returns 0, or -1 with errno.
int orchestrate_landlock_allow_port(int ruleset, uint16_t port);

enum orchestrate_sockets {
    orchestrate_sockets_any,    // local, internet and netlink sockets
    orchestrate_sockets_stream, // internet sockets with TCP only, which connect and do not listen
    orchestrate_sockets_none,
};

// What a filter refuses beside calls that no worker needs.
struct orchestrate_filter {
    enum orchestrate_sockets sockets;
    int closes_namespaces; // further user namespaces
    int shares_processes;  // shared memory, and limits and priorities of other processes of the user
};

// Writes a seccomp program that refuses calls that no worker needs or that reach outside a namespace: kernel keyrings,
// eBPF, performance counters, file handles, mounts, new kernels, io_uring, the families of sockets that no namespace
// confines. Returns its size in bytes, 8 per instruction; 0 if this processor is not supported or the buffer is too
// small.
int orchestrate_seccomp_program(const struct orchestrate_filter *filter, void *buffer, int capacity);
#endif

#endif
