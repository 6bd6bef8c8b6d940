// System calls that Swift cannot name: variadic ones, and ones the C library has no function for.
#ifndef ORCHESTRATE_CPROCESS_H
#define ORCHESTRATE_CPROCESS_H

#if defined(__linux__)
#include <signal.h>
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
#endif

#endif
