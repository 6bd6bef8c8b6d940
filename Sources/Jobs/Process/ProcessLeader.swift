import Dispatch

#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The first process of a request: the leader of its session and of its group.
struct ProcessLeader: Sendable {
    let id: pid_t
    /// Can be read from when the process has ended; negative where the kernel has no such descriptors.
    let descriptor: Int32

    /// Not a shared queue, whose threads others may hold.
    private static let ends = DispatchQueue(label: "process ends")

    /// Returns when the process has ended; it can still be signalled as a group then, since it is not reaped.
    func end() async {
        #if os(Linux)
        guard descriptor >= 0 else {
            // Kernels before 5.3: there is nothing to wait on but SIGCHLD, which belongs to the whole program.
            while ProcessRecord(id)?.isZombie == false { try? await Task.sleep(for: .milliseconds(5)) }
            return
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.ends)
        #else
        let source = DispatchSource.makeProcessSource(identifier: id, eventMask: .exit, queue: Self.ends)
        #endif
        await withCheckedContinuation { continuation in
            source.setEventHandler { source.cancel() }
            source.setCancelHandler { continuation.resume() }
            source.activate()
        }
    }
}

extension ProcessLeader {
    /// It has ended, and nobody has taken its status yet.
    var hasEnded: Bool {
        var information = siginfo_t()
        // Nothing is written for a process that lives.
        guard waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
        #if os(Linux)
        return information.si_signo == SIGCHLD
        #else
        return information.si_pid == id
        #endif
    }
}

#if os(Linux)
extension ProcessLeader {
    /// Takes the exit status of a process that has ended, after which its id is anybody's.
    func reap() -> ProcessOutcome.Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}

extension ProcessOutcome {
    /// Adds what a process has used that has ended and is not reaped.
    mutating func add(usageOf process: pid_t?) {
        var usage = rusage()
        guard let process, orchestrate_peek_usage(process, &usage) == 0 else { return }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        peakMemory = usage.ru_maxrss * 1024
    }
}
#endif

extension ProcessOutcome.Ending {
    /// It takes from the machine what others need: it is not asked to end, it is ended.
    var isRunaway: Bool {
        if case .limit = self { true } else { false }
    }
}
