/// Runs the jobs of workers as processes of this machine.
///
/// It never retries a job; the coordinator owns retries.
package struct JobRunner: Sendable {
    private let runner: ProcessRunner

    /// A worker that writes this many times the kept output is out of control and is ended.
    private static let runawayFactor = 16

    package init(runner: ProcessRunner) { self.runner = runner }

    /// Runs one job to its end and returns when none of its processes is left.
    ///
    /// Cancelling the calling task ends the job with the outcome `.cancelled`.
    package func run(_ job: Job) async -> JobOutcome {
        let folder = job.folder
        let start = ContinuousClock.now
        var total = ProcessOutcome(ending: .couldNotStart("\(JobsError.emptyCommand)"), seconds: 0)
        var tail = job.watch.map { TranscriptTail(path: folder.transcript, watch: $0, linger: job.linger) }
        if !job.hasTranscript { tail = nil }
        var endedByWatch = false
        for command in job.commands {
            let spent = ProcessRunner.seconds(ContinuousClock.now - start)
            var request = ProcessRequest(
                command: .shell(command), directory: job.checkout, environment: job.environment.variables,
                input: job.promptOnInput ? .file(folder.prompt) : .closed,
                output: job.hasTranscript
                    ? .separate(out: folder.transcript, error: folder.log) : .combined(folder.log),
                timeout: max(0, job.timeout - spent), outputLimit: job.outputKept * Self.runawayFactor,
                grace: job.grace, sandbox: job.sandbox, limits: job.limits)
            request.idle = job.idle
            let (next, ended) = await run(request, &tail)
            total = total.followed(by: next)
            endedByWatch = ended
            guard next.succeeded else { break }
        }
        total.seconds = ProcessRunner.seconds(ContinuousClock.now - start)
        let (report, note) = folder.report(Redaction(job.environment.secrets))
        var notes = [note].compactMap { $0 }
        for path in [folder.log, folder.transcript] {
            do {
                try LogTrimmer.trim(path, to: job.outputKept, secrets: job.environment.secrets)
            } catch {
                notes.append("\(error)")
            }
        }
        var outcome = JobOutcome(process: total, report: report, notes: notes, log: folder.log)
        outcome.endedByWatch = endedByWatch
        return outcome
    }

    private enum Part: Sendable {
        case process(ProcessOutcome)
        case tail(TranscriptTail, wantsEnd: Bool)
    }

    /// Runs one process and reads its transcript meanwhile.
    ///
    /// - Returns: its outcome, and whether its watch ended it.
    private func run(
        _ request: ProcessRequest, _ tail: inout TranscriptTail?
    ) async -> (outcome: ProcessOutcome, endedByWatch: Bool) {
        guard let start = tail else { return (await runner.run(request), false) }
        var outcome: ProcessOutcome?
        var wantsEnd = false
        await withTaskGroup(of: Part.self) { group in
            group.addTask { .process(await runner.run(request)) }
            group.addTask {
                var following = start
                let wantsEnd = await following.follow()
                return .tail(following, wantsEnd: wantsEnd)
            }
            for await part in group {
                switch part {
                case .process(let ended): outcome = ended
                case .tail(let following, let wants): (tail, wantsEnd) = (following, wants)
                }
                // Once either part has ended, the other one has no reason to continue.
                group.cancelAll()
            }
        }
        tail?.drain()
        let ending = outcome ?? ProcessOutcome(ending: .cancelled, seconds: 0)
        return (ending, wantsEnd && ending.ending == .cancelled && !Task.isCancelled)
    }
}

extension ProcessOutcome {
    fileprivate func followed(by next: ProcessOutcome) -> ProcessOutcome {
        ProcessOutcome(
            ending: next.ending, seconds: seconds + next.seconds,
            processorSeconds: next.processorSeconds.map { $0 + (processorSeconds ?? 0) } ?? processorSeconds,
            peakMemory: [peakMemory, next.peakMemory].compactMap { $0 }.max(), leftBehind: leftBehind + next.leftBehind)
    }
}
