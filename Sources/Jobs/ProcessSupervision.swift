import Dispatch
import Subprocess

#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Watches one process from its start until nothing of it is left.
struct ProcessSupervision: Sendable {
    let key: UInt64
    let request: ProcessRequest
    let files: ProcessFiles
    let cancelled: AsyncStream<Never>

    private enum Event {
        case ended
        case cause(ProcessOutcome.Ending)
        case none
    }

    /// - Returns: the outcome; its ending is `.exited(0)` where the process ended by itself and the status is not known
    ///   here. The process has ended then, but is not reaped: until this returns nobody else can have its id.
    func watch(_ process: ProcessIdentifier) async -> ProcessOutcome {
        LiveProcesses.shared.setLeader(process.value, of: key)
        CrashPoint.spawned.pass()
        var ending = ProcessOutcome.Ending.exited(0)
        var deadline: ContinuousClock.Instant?
        await withTaskGroup(of: Event.self) { group in
            group.addTask {
                await Self.end(of: process)
                return .ended
            }
            group.addTask { await limitReached().map(Event.cause) ?? .none }
            group.addTask {
                for await _ in cancelled {}
                return Task.isCancelled ? .none : .cause(.cancelled)
            }
            for await event in group {
                switch event {
                case .ended:
                    group.cancelAll()
                case .cause(let cause) where deadline == nil:
                    let limit = ContinuousClock.now + .seconds(request.grace)
                    (ending, deadline) = (cause, limit)
                    group.addTask {
                        await LiveProcesses.shared.end(key, by: limit)
                        return .none
                    }
                case .cause, .none:
                    break
                }
            }
        }
        LiveProcesses.shared.markEnded(key)
        var outcome = ProcessOutcome(ending: ending, seconds: 0)
        #if os(Linux)
        var usage = rusage()
        if orchestrate_peek_usage(process.value, &usage) == 0 {
            outcome.processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
            outcome.peakMemory = usage.ru_maxrss * 1024
        }
        #endif
        outcome.leftBehind = await LiveProcesses.shared.end(
            key, by: deadline ?? ContinuousClock.now + .seconds(request.grace), asked: deadline != nil)
        CrashPoint.ended.pass()
        return outcome
    }

    #if os(Linux)
    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    #endif

    /// Returns when the process has ended; it can still be signalled as a group then, since it is not reaped.
    private static func end(of process: ProcessIdentifier) async {
        #if os(Linux)
        guard process.processDescriptor >= 0 else {
            // Kernels before 5.3 have nothing to wait on beside the SIGCHLD that Subprocess uses.
            while ProcessRecord(process.value)?.isZombie == false { try? await Task.sleep(for: .milliseconds(5)) }
            return
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: process.processDescriptor, queue: .global())
        #else
        let source = DispatchSource.makeProcessSource(identifier: process.value, eventMask: .exit, queue: .global())
        #endif
        await withCheckedContinuation { continuation in
            source.setEventHandler { source.cancel() }
            source.setCancelHandler { continuation.resume() }
            source.activate()
        }
    }

    /// Returns when the time is up or the output too large; nil when cancelled before.
    private func limitReached() async -> ProcessOutcome.Ending? {
        let start = ContinuousClock.now
        let deadline = request.timeout.map { start + .seconds($0) }
        while !Task.isCancelled {
            var pause = Duration.seconds(3600)
            if let limit = request.outputLimit {
                let left = limit - files.growth
                if left < 0 { return .outputLimit }
                // A writer at this rate is caught at the limit; a faster one overshoots by what it does in 5 ms.
                let rate = 2_000_000_000.0
                pause = .seconds(min(max(Double(left) / rate, 0.005), 0.25))
            }
            if let deadline {
                let now = ContinuousClock.now
                if now >= deadline { return .timedOut }
                pause = min(pause, deadline - now)
            }
            try? await Task.sleep(for: pause)
        }
        return nil
    }
}
