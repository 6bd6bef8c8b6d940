package import Model

/// One run of a worker in a checkout of this machine.
package struct Job: Sendable {
    package var folder: JobFolder
    /// Shell commands that run one after the other until one fails. They share one timeout.
    package var commands: [String]
    /// Absolute path of the checkout to work in.
    package var checkout: String
    package var environment: JobEnvironment
    /// Whether standard input is `prompt.md`; otherwise it is empty.
    package var promptOnInput: Bool
    /// Whether standard output is the worker's event stream, which goes to `transcript`; otherwise it goes to `log`.
    package var hasTranscript: Bool
    /// Seconds for all commands together.
    package var timeout: Double
    /// Bytes kept of the log and of the transcript, each.
    package var outputKept: Int
    /// Seconds between SIGTERM and SIGKILL.
    package var grace: Double
    /// Nil to run without a sandbox.
    package var sandbox: Sandbox?
    package var limits: ResourceLimits
    /// Applies to each command.
    package var idle: IdleRule?
    /// Receives all of the transcript in order while it grows. Calls never overlap.
    package var watch: Watch?
    /// Seconds that the process has to end after its watch has answered `.finished`.
    package var linger: Double = 10

    package typealias Watch = @Sendable ([UInt8]) -> WatchAnswer

    package enum WatchAnswer: Sendable {
        case goOn
        /// The worker has reported that it is done.
        case finished
        /// The worker must be ended at once.
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

/// The outcome of a job.
package struct JobOutcome: Sendable {
    /// The outcome of the last command. Times and left-over processes are summed over all commands.
    package var process: ProcessOutcome
    /// The worker's own report, if there is one.
    package var report: JobReport?
    /// Notes for people about malformed files that the worker left.
    package var notes: [String]
    /// Path of the log, which is limited in size and free of secrets.
    package var log: String
    /// Whether the worker was ended because its watch demanded it. `process` does not say how it would have ended.
    package var endedByWatch = false

    package init(process: ProcessOutcome, report: JobReport? = nil, notes: [String] = [], log: String) {
        self.process = process
        self.report = report
        self.notes = notes
        self.log = log
    }
}
