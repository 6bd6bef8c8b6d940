import Dispatch

#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The first process of a request. It leads its session and its process group.
struct ProcessLeader: Sendable {
    let id: pid_t
    /// A pidfd, readable when the process has ended; negative if the kernel has none.
    let descriptor: Int32

    /// A separate queue, because other users may block the threads of a shared one.
    private static let ends = DispatchQueue(label: "process ends")

    /// Waits until the process has ended. It is not reaped, so its group can still be signalled.
    func end() async {
        #if os(Linux)
        guard descriptor >= 0 else {
            // Kernels before 5.3 offer only SIGCHLD, which belongs to the whole program, so poll.
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
    /// Whether the process has ended and its status has not been taken yet.
    var hasEnded: Bool {
        var information = siginfo_t()
        // waitid writes nothing for a living process.
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
    /// Takes the exit status of an ended process. Afterwards its id may be reused.
    func reap() -> ProcessOutcome.Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}

extension ProcessOutcome {
    /// Adds the resource usage of a process that has ended and is not reaped.
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
    /// Whether the process takes resources from others, so that it is killed without being asked first.
    var isRunaway: Bool {
        if case .limit = self { true } else { false }
    }
}
