#define _GNU_SOURCE
#include "CProcess.h"

#if defined(__linux__)
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#endif

struct writer {
    struct sock_filter instructions[256];
    int count;
};

static void put(struct writer *writer, uint16_t code, uint8_t yes, uint8_t no, uint32_t value) {
    writer->instructions[writer->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct writer *writer, size_t offset) { put(writer, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset); }

static void end(struct writer *writer, uint32_t verdict) { put(writer, BPF_RET | BPF_K, 0, 0, verdict); }

static const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;
// What a kernel without the call or the family says, so that programs take their other way.
static const uint32_t missing_call = SECCOMP_RET_ERRNO | ENOSYS;
static const uint32_t missing_family = SECCOMP_RET_ERRNO | EAFNOSUPPORT;

#ifdef THIS_MACHINE
// Offset of the low half of an argument; both processors are little-endian.
#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))

// Calls that installed headers may not name yet. From 424 on the numbers are the same on all processors.
enum {
    call_io_uring_setup = 425, call_io_uring_enter = 426, call_io_uring_register = 427, call_open_tree = 428,
    call_move_mount = 429, call_fsopen = 430, call_fsconfig = 431, call_fsmount = 432, call_fspick = 433,
    call_clone3 = 435, call_mount_setattr = 442, call_quotactl_fd = 443, call_open_tree_attr = 467,
    fast_open = 0x20000000,
};

// By what they reach.
static const uint32_t refused_calls[] = {
    // Keys of the user and of other processes.
    SYS_add_key, SYS_request_key, SYS_keyctl,
    // The kernel itself, its counters, log and clock.
    SYS_bpf, SYS_perf_event_open, SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_userfaultfd, SYS_reboot, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_acct, SYS_syslog,
    // Files past the mounts, and the mounts.
    SYS_open_by_handle_at, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_swapon, SYS_swapoff,
    SYS_quotactl, SYS_fanotify_init, call_open_tree, call_move_mount, call_fsopen, call_fsconfig, call_fsmount,
    call_fspick, call_mount_setattr, call_quotactl_fd, call_open_tree_attr,
    // Everything that a filter refuses: a ring opens sockets and connects without a system call.
    call_io_uring_setup, call_io_uring_enter, call_io_uring_register,
};

// Memory and queues that all processes of a user share where there is no IPC namespace.
static const uint32_t shared_memory_calls[] = {
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_semget, SYS_semop,
    SYS_semtimedop, SYS_semctl, SYS_mq_open, SYS_mq_unlink,
};

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static void load_call(struct writer *writer) { load(writer, offsetof(struct seccomp_data, nr)); }

// All comparisons jump to one refusal, so the list may have as many entries as a jump is long.
static void refuse_all(struct writer *writer, const uint32_t *calls, int count) {
    for (int i = 0; i < count; i++) put(writer, BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(count - i), 0, calls[i]);
    put(writer, BPF_JMP | BPF_JA, 0, 0, 1);
    end(writer, refused);
}

// Ends with the verdict if this call is made; else the number of the call is still loaded.
static void answer(struct writer *writer, uint32_t call, uint32_t verdict) {
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, call);
    end(writer, verdict);
}

// Refuses a call if an argument has any of these bits.
static void refuse_bits(struct writer *writer, uint32_t call, int argument, uint32_t bits) {
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, call);
    load(writer, ARGUMENT(argument));
    put(writer, BPF_JMP | BPF_JSET | BPF_K, 0, 1, bits);
    end(writer, refused);
    load_call(writer);
}

// Lets a call pass only if an argument has one of these values.
static void require_one(
    struct writer *writer, uint32_t call, int argument, const uint32_t *values, int count, uint32_t otherwise
) {
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(count + 3), call);
    load(writer, ARGUMENT(argument));
    for (int i = 0; i < count; i++) put(writer, BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(count - i), 0, values[i]);
    end(writer, otherwise);
    load_call(writer);
}

// The families that a namespace confines, and that programs need. AF_VSOCK reaches the host of a virtual machine from
// any namespace; others belong to the machine's devices.
static void put_families(struct writer *writer) {
    const uint32_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    require_one(writer, SYS_socket, 0, families, COUNT(families), missing_family);
    require_one(writer, SYS_socketpair, 0, families, 1, missing_family);
}

static void put_sockets(struct writer *writer, enum orchestrate_sockets sockets) {
    put_families(writer);
    if (sockets == orchestrate_sockets_any) return;
    // Nothing may be bound, so there is nothing to listen on: an unbound socket would get a port of the machine.
    answer(writer, SYS_listen, refused);
    if (sockets == orchestrate_sockets_none) {
        answer(writer, SYS_socket, refused);
        return;
    }
    const uint32_t families[] = {AF_INET, AF_INET6};
    require_one(writer, SYS_socket, 0, families, COUNT(families), refused);
    // The rules on connections are for TCP alone: not for MPTCP, SCTP or SMC, which are streams too.
    const uint32_t protocols[] = {0, IPPROTO_TCP};
    require_one(writer, SYS_socket, 2, protocols, COUNT(protocols), refused);
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_socket);
    load(writer, ARGUMENT(1));
    // The same word holds the flags for non-blocking and close-on-exec.
    put(writer, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xF);
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SOCK_STREAM);
    end(writer, refused);
    load_call(writer);
    // These connect while they send, which the rules do not see.
    refuse_bits(writer, SYS_sendto, 3, fast_open);
    refuse_bits(writer, SYS_sendmsg, 2, fast_open);
    refuse_bits(writer, SYS_sendmmsg, 3, fast_open);
}

// Limits and priorities of other processes of the same user. A null limit only reads.
static void put_processes(struct writer *writer) {
    const uint32_t own[] = {0};
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 8, SYS_prlimit64);
    load(writer, ARGUMENT(0));
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 0);
    load(writer, ARGUMENT(2));
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    load(writer, ARGUMENT(2) + 4);
    put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
    end(writer, refused);
    load_call(writer);
    const uint32_t kinds[] = {PRIO_PROCESS, PRIO_PGRP};
    require_one(writer, SYS_setpriority, 0, kinds, COUNT(kinds), refused);
    require_one(writer, SYS_setpriority, 1, own, 1, refused);
    require_one(writer, SYS_ioprio_set, 1, own, 1, refused);
}
#endif

int orchestrate_seccomp_program(const struct orchestrate_filter *filter, void *buffer, int capacity) {
#ifndef THIS_MACHINE
    return 0;
#else
    struct writer writer = {.count = 0};
    load(&writer, offsetof(struct seccomp_data, arch));
    put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, THIS_MACHINE);
    // 32-bit calls have other numbers.
    end(&writer, missing_call);
    load_call(&writer);
#if defined(__x86_64__)
    put(&writer, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
    end(&writer, missing_call);
#endif
    refuse_all(&writer, refused_calls, COUNT(refused_calls));
    // A program could type into the terminal in which the coordinator was started.
    const uint32_t typing[] = {TIOCSTI, TIOCLINUX};
    for (int i = 0; i < COUNT(typing); i++) {
        put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_ioctl);
        load(&writer, ARGUMENT(1));
        put(&writer, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, typing[i]);
        end(&writer, refused);
        load_call(&writer);
    }
    put_sockets(&writer, filter->sockets);
    if (filter->closes_namespaces) {
        // The flags of clone3 lie in memory, where a filter cannot see them.
        answer(&writer, call_clone3, missing_call);
        refuse_bits(&writer, SYS_clone, 0, CLONE_NEWUSER);
        refuse_bits(&writer, SYS_unshare, 0, CLONE_NEWUSER);
    }
    if (filter->shares_processes) {
        refuse_all(&writer, shared_memory_calls, COUNT(shared_memory_calls));
        put_processes(&writer);
    }
    end(&writer, SECCOMP_RET_ALLOW);
    int size = writer.count * (int)sizeof *writer.instructions;
    if (size > capacity) return 0;
    memcpy(buffer, writer.instructions, (size_t)size);
    return size;
#endif
}
#endif
