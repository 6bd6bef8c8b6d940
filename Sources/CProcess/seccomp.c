#define _GNU_SOURCE
#include "CProcess.h"

#if defined(__linux__)
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#endif

struct writer {
    struct sock_filter instructions[128];
    int count;
};

static void put(struct writer *writer, uint16_t code, uint8_t yes, uint8_t no, uint32_t value) {
    writer->instructions[writer->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct writer *writer, size_t offset) { put(writer, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset); }

static void end(struct writer *writer, uint32_t verdict) { put(writer, BPF_RET | BPF_K, 0, 0, verdict); }

static const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;

#ifdef THIS_MACHINE
// Offset of the low half of an argument; both processors are little-endian.
#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))

static const uint32_t refused_calls[] = {
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_bpf, SYS_perf_event_open, SYS_open_by_handle_at, SYS_kexec_load,
    SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_userfaultfd, SYS_mount, SYS_umount2,
    SYS_pivot_root, SYS_setns, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_quotactl, SYS_settimeofday, SYS_clock_settime,
    SYS_acct, SYS_syslog,
};

static void put_sockets(struct writer *writer, enum orchestrate_sockets sockets) {
    if (sockets == orchestrate_sockets_any) return;
    load(writer, offsetof(struct seccomp_data, nr));
    if (sockets == orchestrate_sockets_none) {
        put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_socket);
        end(writer, refused);
        return;
    }
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 9, SYS_socket);
    load(writer, ARGUMENT(0));
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, AF_INET);
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AF_INET6);
    end(writer, refused);
    load(writer, ARGUMENT(1));
    // The same word holds the flags for non-blocking and close-on-exec.
    put(writer, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xF);
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SOCK_STREAM);
    end(writer, refused);
    load(writer, offsetof(struct seccomp_data, nr));
}
#endif

int orchestrate_seccomp_program(enum orchestrate_sockets sockets, void *buffer, int capacity) {
#ifndef THIS_MACHINE
    return 0;
#else
    struct writer writer = {.count = 0};
    load(&writer, offsetof(struct seccomp_data, arch));
    put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, THIS_MACHINE);
    // 32-bit calls have other numbers.
    end(&writer, SECCOMP_RET_ERRNO | ENOSYS);
    load(&writer, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    put(&writer, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
    end(&writer, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    for (size_t i = 0; i < sizeof refused_calls / sizeof *refused_calls; i++) {
        put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, refused_calls[i]);
        end(&writer, refused);
    }
    // With TIOCSTI a program could type into the terminal in which the coordinator was started.
    put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_ioctl);
    load(&writer, ARGUMENT(1));
    put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, TIOCSTI);
    end(&writer, refused);
    put_sockets(&writer, sockets);
    end(&writer, SECCOMP_RET_ALLOW);
    int size = writer.count * (int)sizeof *writer.instructions;
    if (size > capacity) return 0;
    memcpy(buffer, writer.instructions, (size_t)size);
    return size;
#endif
}
#endif
