#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

// Only these settings are compared: drivers set others by themselves.
static int is_same_mode(const struct termios *a, const struct termios *b) {
    return a->c_lflag == b->c_lflag && a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag;
}

static void close_all_but(int first, int second) {
    int limit = (int)sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > 65536) limit = 65536;
    for (int descriptor = 0; descriptor < limit; descriptor++) {
        if (descriptor != first && descriptor != second) close(descriptor);
    }
}

// Runs in a child of a program with threads, so it calls only functions that are safe in a signal handler.
static void guard(
    int pipe_end, int terminal, const struct termios *before, const struct termios *during, const char *leave,
    size_t length) {
    // A group of its own, so that it does not end with the group of the program; and no signal of the terminal ends it.
    setpgid(0, 0);
    const int ignored[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGTTOU, SIGTTIN, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
#if defined(__linux__)
    prctl(PR_SET_NAME, "terminal-guard");
#endif
    close_all_but(pipe_end, terminal);
    char byte;
    ssize_t count;
    do { count = read(pipe_end, &byte, 1); } while (count < 0 && errno == EINTR);
    if (count != 0) _exit(0);
    struct termios now;
    if (tcgetattr(terminal, &now) == 0 && is_same_mode(&now, during)) tcsetattr(terminal, TCSANOW, before);
    fcntl(terminal, F_SETFL, fcntl(terminal, F_GETFL) & ~O_NONBLOCK);
    ssize_t written = write(terminal, leave, length);
    (void)written;
    _exit(0);
}

int orchestrate_guard_terminal(
    int terminal, const struct termios *before, const struct termios *during, const char *leave, size_t length,
    pid_t *process) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child == 0) guard(ends[0], terminal, before, during, leave, length);
    close(ends[0]);
    if (child < 0) {
        int error = errno;
        close(ends[1]);
        errno = error;
        return -1;
    }
    *process = child;
    return ends[1];
}
