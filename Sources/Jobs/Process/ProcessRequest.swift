package import Model

/// One process to run: everything it gets is named here, nothing is inherited.
package struct ProcessRequest: Sendable {
    package enum Command: Sendable, Equatable {
        /// Given to `/bin/sh -c`; a command too long for one argument is run from a file beside the output.
        case shell(String)
        /// The first element is the program: a path, or a name looked up in the `PATH` of `environment`.
        case arguments([String])
    }

    package enum Input: Sendable, Equatable {
        /// Reads end at once.
        case closed
        case file(String)
    }

    /// Paths are created, or appended to. A path that is no regular file is refused.
    package enum Output: Sendable, Equatable {
        case combined(String)
        case separate(out: String, error: String)

        var paths: [String] {
            switch self {
            case .combined(let path): [path]
            case .separate(let out, let error): [out, error]
            }
        }
    }

    package var command: Command
    /// Absolute path.
    package var directory: String
    /// The complete environment; the runner adds `ORCHESTRATE_JOB_TOKEN`.
    package var environment: [String: String]
    package var input: Input
    package var output: Output
    /// Seconds until the process is ended; nil for never.
    package var timeout: Double?
    /// Bytes that one output file may grow by before the process is ended; nil for no limit.
    package var outputLimit: Int?
    /// Seconds between the request to end (SIGTERM) and the force (SIGKILL).
    package var grace: Double
    /// Nil for none.
    package var sandbox: Sandbox?
    /// Kept on Linux, in a sandbox and without one; elsewhere not.
    package var limits: ResourceLimits
    /// Nil for a process that may do nothing as long as it likes.
    package var idle: IdleRule?

    package static let defaultGrace: Double = 5

    package init(
        command: Command, directory: String, environment: [String: String], input: Input = .closed, output: Output,
        timeout: Double? = nil, outputLimit: Int? = nil, grace: Double = ProcessRequest.defaultGrace,
        sandbox: Sandbox? = nil, limits: ResourceLimits = ResourceLimits()
    ) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.input = input
        self.output = output
        self.timeout = timeout
        self.outputLimit = outputLimit
        self.grace = grace
        self.sandbox = sandbox
        self.limits = limits
    }
}
