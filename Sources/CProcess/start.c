#define _GNU_SOURCE
#include "CProcess.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

int orchestrate_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int orchestrate_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int orchestrate_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

static void write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t count = write(file, text, strlen(text));
    (void)count;
    close(file);
}

// This works for root too: the bounding set limits the capabilities that a program gets from its user id at exec.
static void drop_privileges(void) {
    for (unsigned long capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0L, 0L, 0L);
    prctl(47 /* PR_CAP_AMBIENT */, 4L /* PR_CAP_AMBIENT_CLEAR_ALL */, 0L, 0L, 0L);
    struct {
        uint32_t version;
        int process;
    } header = {0x20080522 /* _LINUX_CAPABILITY_VERSION_3 */, 0};
    uint32_t none[6] = {0};
    syscall(SYS_capset, &header, none);
}

// Runs in the child, which shares the memory of the suspended parent: it must not allocate or lock.
static enum orchestrate_start_step prepare(const struct orchestrate_start *start, int socket) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    setsid();
    // First copy the sources above the standard descriptors: a source may have the number of another one's target.
    int sources[3];
    for (int i = 0; i < 3; i++) {
        sources[i] = fcntl(start->streams[i], F_DUPFD_CLOEXEC, 3);
        if (sources[i] < 0) return orchestrate_step_files;
    }
    for (int i = 0; i < 3; i++)
        if (dup2(sources[i], i) < 0) return orchestrate_step_files;
    // Close what other parts of the program opened without close-on-exec. Kernels before 5.11 do not have the call.
    syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int i = 0; i < start->kept_count; i++)
        if (fcntl(start->kept[i], F_SETFD, 0) < 0) return orchestrate_step_files;
    if (chdir(start->directory) < 0) return orchestrate_step_directory;

    // When memory runs out, the kernel should end this process and not the coordinator or the user's editor. Raising the
    // score needs no privilege.
    write_text("/proc/self/oom_score_adj", "500");
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (start->file_size >= 0) {
        struct rlimit size = {(rlim_t)start->file_size, (rlim_t)start->file_size};
        if (setrlimit(RLIMIT_FSIZE, &size) < 0) return orchestrate_step_limits;
    }
    if (start->cpu >= 0) {
        // The soft limit sends a signal that a program may catch; the hard limit kills.
        struct rlimit cpu = {(rlim_t)start->cpu, (rlim_t)start->cpu + 1};
        if (setrlimit(RLIMIT_CPU, &cpu) < 0) return orchestrate_step_limits;
    }
    // Rules do not restrict privileges: a process with CAP_PERFMON could read the memory of any process.
    if (start->ruleset >= 0) drop_privileges();
    if (start->ruleset >= 0 || start->filter) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) < 0) return orchestrate_step_confine;
    }
    if (start->ruleset >= 0 && syscall(446 /* landlock_restrict_self */, start->ruleset, 0) < 0)
        return orchestrate_step_confine;
    // The program runs without it, too: the caller learns that nobody listens.
    if (socket >= 0) (void)orchestrate_announce_links(socket);
    if (start->filter) {
        struct {
            unsigned short length;
            const void *filter;
        } program = {(unsigned short)start->filter_length, start->filter};
        if (prctl(PR_SET_SECCOMP, 2L /* SECCOMP_MODE_FILTER */, &program, 0L, 0L) < 0) return orchestrate_step_confine;
    }
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    execve(start->program, start->arguments, start->environment);
    return orchestrate_step_program;
}

pid_t orchestrate_start(
    const struct orchestrate_start *start, int *listener, enum orchestrate_start_step *failed
) {
    sigset_t all, before;
    int ends[2] = {-1, -1};
    if (listener) *listener = -1;
    if (listener && socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0) ends[0] = ends[1] = -1;
    sigfillset(&all);
    // A signal handler of this program must not run in the child, because they share memory.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    volatile int problem = 0;
    volatile enum orchestrate_start_step step = orchestrate_step_fork;
    pid_t process = vfork();
    if (process == 0) {
        step = prepare(start, ends[1]);
        problem = errno;
        _exit(127);
    }
    if (process < 0) problem = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ends[0] >= 0) {
        *listener = orchestrate_take_listener(ends[0]);
        close(ends[0]);
        close(ends[1]);
    }
    if (problem == 0) return process;
    if (listener && *listener >= 0) close(*listener);
    if (process > 0) waitpid(process, NULL, 0);
    *failed = step;
    errno = problem;
    return -1;
}
#endif
