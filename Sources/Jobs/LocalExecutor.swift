/// Runs jobs as processes of this machine.
package struct LocalExecutor: Executor {
    private let runner: ProcessRunner

    /// A worker that writes this many times what is kept of its output has run away, and is ended.
    private static let runawayFactor = 16

    package init(runner: ProcessRunner) { self.runner = runner }

    package func run(_ job: Job) async -> JobOutcome {
        let folder = job.folder
        let start = ContinuousClock.now
        var total = ProcessOutcome(ending: .couldNotStart("\(JobsError.emptyCommand)"), seconds: 0)
        for command in job.commands {
            let spent = ProcessRunner.seconds(ContinuousClock.now - start)
            let next = await runner.run(
                ProcessRequest(
                    command: .shell(command), directory: job.checkout, environment: job.environment.variables,
                    input: job.promptOnInput ? .file(folder.prompt) : .closed,
                    output: job.hasTranscript
                        ? .separate(out: folder.transcript, error: folder.log) : .combined(folder.log),
                    timeout: max(0, job.timeout - spent), outputLimit: job.outputKept * Self.runawayFactor,
                    grace: job.grace, sandbox: job.sandbox))
            total = total.followed(by: next)
            guard next.succeeded else { break }
        }
        total.seconds = ProcessRunner.seconds(ContinuousClock.now - start)
        let (report, note) = folder.report()
        var notes = [note].compactMap { $0 }
        for path in [folder.log, folder.transcript] {
            do {
                try KeptLog.trim(path, to: job.outputKept, secrets: job.environment.secrets)
            } catch {
                notes.append("\(error)")
            }
        }
        return JobOutcome(process: total, report: report, notes: notes, log: folder.log)
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
