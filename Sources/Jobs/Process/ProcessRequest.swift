package import Model

/// A process to run. It gets only what is named here and inherits nothing.
package struct ProcessRequest: Sendable {
    package enum Command: Sendable, Equatable {
        /// A command for `/bin/sh -c`. A command too long for one argument is run from a file beside the output.
        case shell(String)
        /// The first element is the program: a path, or a name looked up in the `PATH` of `environment`.
        case arguments([String])
    }

    package enum Input: Sendable, Equatable {
        /// An empty input.
        case closed
        case file(String)
        /// An open descriptor, which stays the caller's.
        case open(Int32)
    }

    /// Files that are created or appended to. A path that is not a regular file is refused.
    package enum Output: Sendable, Equatable {
        case combined(String)
        case separate(out: String, error: String)
        /// Standard output goes to an open descriptor, which stays the caller's.
        case open(Int32, error: String)

        var paths: [String] {
            switch self {
            case .combined(let path): [path]
            case .separate(let out, let error): [out, error]
            case .open(_, let error): [error]
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
    /// Seconds until the process is ended; nil for no limit.
    package var timeout: Double?
    /// Bytes that one output file may grow by before the process is ended; nil for no limit.
    package var outputLimit: Int?
    /// Seconds between SIGTERM and SIGKILL.
    package var grace: Double
    /// Nil to run without a sandbox.
    package var sandbox: Sandbox?
    /// Enforced on Linux only, with and without a sandbox.
    package var limits: ResourceLimits
    /// Nil for a process that may be idle without limit.
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
