package import Model

/// Runs jobs somewhere: on this machine, or later on a cluster.
///
/// An executor never runs a job twice by itself; whether a job is tried again is decided elsewhere.
package protocol Executor: Sendable {
    /// Runs one job to its end and returns when nothing of it is left.
    ///
    /// Cancelling the calling task ends the job; its outcome is `.cancelled` then.
    func run(_ job: Job) async -> JobOutcome
}

/// One attempt as an executor sees it.
package struct Job: Sendable {
    package var folder: JobFolder
    /// Shell commands, run one after the other until one fails; together they have the time of one timeout.
    package var commands: [String]
    /// Absolute path of the checkout to work in.
    package var checkout: String
    package var environment: JobEnvironment
    /// `prompt.md` is standard input; otherwise that is closed.
    package var promptOnInput: Bool
    /// Standard output is the worker's event stream and goes to `transcript`; otherwise it goes to `log`.
    package var hasTranscript: Bool
    /// Seconds for all commands together.
    package var timeout: Double
    /// Bytes kept of the log, and of the transcript.
    package var outputKept: Int
    /// Seconds between SIGTERM and SIGKILL.
    package var grace: Double
    /// Nil for none.
    package var sandbox: Sandbox?
    package var limits: ResourceLimits
    /// Holds for each of the commands.
    package var idle: IdleRule?
    /// Is given the transcript while it grows, in its order and all of it; from one task at a time.
    package var watch: Watch?
    /// Seconds that the process may take to end after its watch has seen that it is done.
    package var linger: Double = 10

    package typealias Watch = @Sendable ([UInt8]) -> WatchAnswer

    package enum WatchAnswer: Sendable {
        case goOn
        /// The worker has said that it is done.
        case finished
        /// The worker is to be ended at once.
        case end
    }

    package init(
        folder: JobFolder, commands: [String], checkout: String, environment: JobEnvironment,
        promptOnInput: Bool = false, hasTranscript: Bool = false, timeout: Double, outputKept: Int,
        grace: Double = ProcessRequest.defaultGrace, sandbox: Sandbox? = nil,
        limits: ResourceLimits = ResourceLimits()
    ) {
        self.folder = folder
        self.commands = commands
        self.checkout = checkout
        self.environment = environment
        self.promptOnInput = promptOnInput
        self.hasTranscript = hasTranscript
        self.timeout = timeout
        self.outputKept = outputKept
        self.grace = grace
        self.sandbox = sandbox
        self.limits = limits
    }
}

/// What became of a job.
package struct JobOutcome: Sendable {
    /// Of the last command that was run; its times and its processes left behind are those of all.
    package var process: ProcessOutcome
    /// What the worker says of its work, where it says anything.
    package var report: JobReport?
    /// For people: what was wrong with the files that the worker left.
    package var notes: [String]
    /// Path of the log, capped and without secrets.
    package var log: String
    /// The worker was ended because its watch said so; `process` tells nothing of how it would have ended.
    package var endedByWatch = false

    package init(process: ProcessOutcome, report: JobReport? = nil, notes: [String] = [], log: String) {
        self.process = process
        self.report = report
        self.notes = notes
        self.log = log
    }
}
