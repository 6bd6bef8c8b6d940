#define _GNU_SOURCE
#include "CProcess.h"

#if defined(__linux__)
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct inside {
    int network, user;
    uint16_t port;
    int listener, problem;
};

static int listen_there(struct inside *inside) {
    // The user namespace first: it owns the network namespace and gives the right to enter it.
    if (setns(inside->user, CLONE_NEWUSER) < 0 || setns(inside->network, CLONE_NEWNET) < 0) return -1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    // Any address, because the loopback may not be up yet. The namespace has no other interface.
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(inside->port)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 64) < 0) {
        int problem = errno;
        close(listener);
        errno = problem;
        return -1;
    }
    return listener;
}

static int enter(void *argument) {
    struct inside *inside = argument;
    inside->listener = listen_there(inside);
    inside->problem = errno;
    _exit(0);
}

int orchestrate_listen_inside(pid_t process, uint16_t port) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", process);
    struct inside inside = {.port = port, .listener = -1, .user = -1};
    inside.network = open(path, O_RDONLY | O_CLOEXEC);
    if (inside.network >= 0) inside.user = ioctl(inside.network, NS_GET_USERNS);
    inside.problem = errno;
    if (inside.user >= 0) {
        size_t size = 1 << 16;
        char *stack = malloc(size);
        // A program with threads may not enter a user namespace, but a child may. The child shares the table of open
        // files, so the socket that it opens is open here too.
        int flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD;
        pid_t child = stack ? clone(enter, stack + size, flags, &inside) : -1;
        if (child < 0) inside.problem = errno;
        if (child > 0) waitpid(child, NULL, 0);
        free(stack);
        close(inside.user);
    }
    if (inside.network >= 0) close(inside.network);
    errno = inside.problem;
    return inside.listener;
}
#endif
