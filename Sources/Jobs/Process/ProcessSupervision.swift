import Dispatch
import Model
import Subprocess

#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The supervision of one process, from its start until no descendant is left.
struct ProcessSupervision: Sendable {
    let key: UInt64
    let request: ProcessRequest
    let files: ProcessFiles
    let cancelled: AsyncStream<Never>
    #if os(Linux)
    let confinement: Confinement
    /// Seconds since 1970, before the process was started.
    let began: Int
    #endif

    private enum Event {
        case ended
        case cause(ProcessOutcome.Ending)
        case none
    }

    /// Waits for the end of a process and ends it if it exceeds a limit or is cancelled.
    ///
    /// - Returns: the outcome. Its ending is `.exited(0)` for a process that ended by itself, whose status the caller
    ///   reads. The process is not reaped, so its id is not reused before this returns.
    func watch(_ process: ProcessLeader) async -> ProcessOutcome {
        CrashPoint.spawned.pass()
        var ending = ProcessOutcome.Ending.exited(0)
        var deadline: ContinuousClock.Instant?
        await withTaskGroup(of: Event.self) { group in
            group.addTask {
                await process.end()
                return .ended
            }
            group.addTask { await timeOrOutputLimit().map(Event.cause) ?? .none }
            group.addTask {
                for await _ in cancelled {}
                return Task.isCancelled ? .none : .cause(.cancelled)
            }
            #if os(Linux)
            if request.limits != ResourceLimits() {
                group.addTask { await limitWatch(process).watch().map { .cause(.limit($0)) } ?? .none }
            }
            if let rule = request.idle {
                let watch = IdleWatch(rule: rule, files: files, census: census(process))
                group.addTask { await watch.watch().map { .cause(.idle($0)) } ?? .none }
            }
            group.addTask { await confinement.openGate().map { .cause(.couldNotStart("\($0)")) } ?? .none }
            #endif
            for await event in group {
                switch event {
                case .ended:
                    group.cancelAll()
                // Under heavy load events may arrive late and in any order. A process that has ended has met its limits.
                case .cause(let cause) where deadline == nil && !process.hasEnded:
                    let limit = ContinuousClock.now + .seconds(cause.isRunaway ? 0 : request.grace)
                    (ending, deadline) = (cause, limit)
                    group.addTask { await end(by: limit, asked: cause.isRunaway) }
                case .cause, .none:
                    break
                }
            }
        }
        LiveProcesses.shared.markEnded(key)
        var outcome = ProcessOutcome(ending: ending, seconds: 0)
        outcome.leftBehind = await LiveProcesses.shared.end(
            key, by: deadline ?? ContinuousClock.now + .seconds(request.grace), asked: deadline != nil)
        #if os(Linux)
        confinement.end()
        if confinement.isContained { outcome.leftBehind = 0 }
        outcome.add(usageOf: confinement.isContained ? confinement.firstProcess : process.id)
        #endif
        CrashPoint.ended.pass()
        return outcome
    }

    private func end(by limit: ContinuousClock.Instant, asked: Bool) async -> Event {
        await LiveProcesses.shared.end(key, by: limit, asked: asked)
        return .none
    }

    #if os(Linux)
    private func limitWatch(_ process: ProcessLeader) -> LimitWatch {
        LimitWatch(
            limits: request.limits, writable: request.sandbox?.writable ?? [request.directory],
            census: census(process), began: began)
    }

    private func census(_ process: ProcessLeader) -> ProcessCensus.Source {
        ProcessCensus.Source(
            leader: process.id, first: { confinement.firstProcess }, isContained: confinement.isContained)
    }
    #endif

    /// Returns when the time is up or the output is too large; nil if cancelled before.
    private func timeOrOutputLimit() async -> ProcessOutcome.Ending? {
        let start = ContinuousClock.now
        let deadline = request.timeout.map { start + .seconds($0) }
        while !Task.isCancelled {
            // A cancelled sleep keeps its timer until it expires, so long ones would pile up over a run.
            var pause = Duration.seconds(30)
            if let limit = request.outputLimit {
                let left = limit - files.growth
                if left < 0 { return .outputLimit }
                // Bytes per second. A writer at this rate is caught at the limit; a faster one overshoots by 5 ms of output.
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
