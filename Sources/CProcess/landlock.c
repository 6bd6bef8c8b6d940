#define _GNU_SOURCE
#include "CProcess.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

// As in linux/landlock.h of version 6 of the interface; the installed header may be older.
struct ruleset {
    uint64_t files, network, scopes;
};
struct path_rule {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));
struct port_rule {
    uint64_t access, port;
};

enum { create_call = 444, add_call = 445, path_kind = 1, port_kind = 2 };

static const uint64_t execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, read_directory = 1 << 3;
static const uint64_t make_device = 1 << 6 | 1 << 11, refer = 1 << 13, truncate_file = 1 << 14, control = 1 << 15;
static const uint64_t bind_port = 1 << 0, connect_port = 1 << 1;
static const uint64_t abstract_sockets = 1 << 0, signals = 1 << 1;

int orchestrate_landlock_version(void) {
    long version = syscall(create_call, (void *)0, 0UL, 1UL);
    return version < 0 ? 0 : (int)version;
}

static uint64_t file_rights(int version) {
    uint64_t all = refer - 1;
    if (version >= 2) all |= refer;
    if (version >= 3) all |= truncate_file;
    if (version >= 5) all |= control;
    return all;
}

int orchestrate_landlock_create(int connections) {
    int version = orchestrate_landlock_version();
    struct ruleset ruleset = {.files = file_rights(version)};
    if (connections && version >= 4) ruleset.network = connect_port | bind_port;
    if (version >= 6) ruleset.scopes = abstract_sockets | signals;
    unsigned long size = version >= 6 ? sizeof ruleset : version >= 4 ? 16 : 8;
    return (int)syscall(create_call, &ruleset, size, 0UL);
}

int orchestrate_landlock_allow(int ruleset, const char *path, enum orchestrate_access access) {
    struct path_rule rule = {.parent = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent < 0) return -1;
    int version = orchestrate_landlock_version();
    uint64_t rights = execute | read_file | read_directory;
    if (access == orchestrate_access_write) rights = file_rights(version) & ~make_device;
    if (access == orchestrate_access_device) rights = (read_file | write_file | control) & file_rights(version);
    struct stat status;
    // Rights that only a directory can have are refused for a file.
    if (fstat(rule.parent, &status) == 0 && !S_ISDIR(status.st_mode))
        rights &= execute | write_file | read_file | truncate_file | control;
    rule.access = rights;
    int result = (int)syscall(add_call, ruleset, path_kind, &rule, 0UL);
    int problem = errno;
    close(rule.parent);
    errno = problem;
    return result;
}

int orchestrate_landlock_allow_port(int ruleset, uint16_t port) {
    struct port_rule rule = {.access = connect_port, .port = port};
    return (int)syscall(add_call, ruleset, port_kind, &rule, 0UL);
}
#endif
