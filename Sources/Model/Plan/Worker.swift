/// Who does the work, and how many side by side.
package struct WorkerRules: Codable, Sendable, Equatable {
    package var maxParallel: Int
    /// Climbed from the top; a task that fails on one rung is given to the next.
    package var ladder: [Rung]
    /// As in `VerifyRules.environment`, for every worker of the ladder.
    package var environment: [String]
    /// Times that a task may be done again because what landed meanwhile conflicts with it.
    package var conflictAttempts: Int
    /// nil where a verified task lands without being looked at.
    package var approve: Approval?

    /// nil for the order that the plan has.
    package var order: Order?

    /// What decides on the order in which the workers of a ladder are tried.
    package enum Order: String, Codable, Sendable, CaseIterable {
        case written
        /// What a landed task has cost with each of them so far, once enough is known.
        case auto
    }

    package static let defaultMaxParallel = 4
    package static let defaultConflictAttempts = 10

    package init(
        maxParallel: Int = WorkerRules.defaultMaxParallel, ladder: [Rung], environment: [String] = [],
        conflictAttempts: Int = WorkerRules.defaultConflictAttempts, approve: Approval? = nil, order: Order? = nil
    ) {
        self.maxParallel = maxParallel
        self.ladder = ladder
        self.environment = environment
        self.conflictAttempts = conflictAttempts
        self.approve = approve
        self.order = order
    }

    /// The environment entries of a worker: those of all workers, then its own, which override them.
    package func environment(of worker: Worker) -> [String] { environment + worker.environment }
}

/// One step of the ladder.
package struct Rung: Codable, Sendable, Equatable {
    package var worker: Worker
    /// Attempts at a task before it is given to the next rung.
    package var attempts: Int
    /// Caps on one attempt; nil for none.
    package var budget: AttemptBudget?
    /// nil for `fresh`.
    package var retry: Retry?

    /// What an attempt after a failed one begins with.
    package enum Retry: String, Codable, Sendable, CaseIterable {
        /// The conversation of the last attempt, with its failure as the next message, where the worker can do that.
        case resume
        /// Nothing but the prompt, which tells of the failure.
        case fresh
    }

    package static let defaultAttempts = 2

    package init(
        worker: Worker, attempts: Int = Rung.defaultAttempts, budget: AttemptBudget? = nil, retry: Retry? = nil
    ) {
        self.worker = worker
        self.attempts = attempts
        self.budget = budget
        self.retry = retry
    }
}

/// A program that does tasks, as `workers/<name>/worker.yaml` describes it.
package struct Worker: Codable, Sendable, Equatable {
    /// How the worker is given its prompt.
    package enum PromptInput: String, Codable, Sendable, CaseIterable {
        /// It is not; what to do is in the command.
        case none
        /// On standard input.
        case stdin
        /// As a file, whose path `{prompt}` stands for.
        case file
        /// As one argument, which `{prompt}` stands for.
        case argument
    }

    package var name: String
    package var summary: String
    /// Shell command; `{file}` runs it once for each file, `{files}`, `{task}`, `{job}` and `{prompt}` expand.
    package var run: String
    package var prompt: PromptInput
    /// As in `VerifyRules.environment`.
    package var environment: [String]
    package var limits: Limits
    /// Whose requests it makes; workers of one provider wait together when that is overloaded. nil for its own.
    package var provider: String?
    /// Nil for none: a codemod needs no network.
    package var network: Network?
    package var resources: ResourceLimits
    /// How standard output is read; nil for a worker whose output is a log and nothing else.
    package var events: Events?
    /// nil for the user's own.
    package var home: Home?
    /// What its tokens cost, where its output tells none; nil if that is not known.
    package var prices: TokenPrices?
    package var capabilities: [Capability]?
    /// Shell command that goes on with the conversation `{session}`; nil where the worker cannot.
    package var resume: String?
    /// Shell command that prints the program's version, and fails where there is none.
    package var probe: String?
    /// Shell command that fails where the program is not logged in; it must cost nothing.
    package var login: String?
    /// The order of its prompt's parts and the words between them; nil for the standard one.
    package var template: String?

    package init(
        name: String, summary: String = "", run: String, prompt: PromptInput = .none, environment: [String] = [],
        limits: Limits = Limits(), provider: String? = nil, network: Network? = nil,
        resources: ResourceLimits = ResourceLimits()
    ) {
        self.name = name
        self.summary = summary
        self.run = run
        self.prompt = prompt
        self.environment = environment
        self.limits = limits
        self.provider = provider
        self.network = network
        self.resources = resources
    }

    /// What a cooldown after an overload is for: the provider, else the worker itself.
    package var providerName: String { provider ?? name }

    /// Caps on one attempt.
    package struct Limits: Codable, Sendable, Equatable {
        /// Seconds of wall time.
        package var timeout: Double
        /// Bytes of output kept in the log; the rest is counted and dropped.
        package var output: Int
        /// Answers of the model; nil for no limit, as for the two below.
        package var turns: Int?
        package var usd: Double?
        package var tokens: Int?
        /// Seconds without output, a changed file or processor time after which it is ended; nil for never.
        package var idle: Double?

        package static let defaultTimeout: Double = 900
        package static let defaultOutput = 10 << 20

        package init(
            timeout: Double = Limits.defaultTimeout, output: Int = Limits.defaultOutput, turns: Int? = nil,
            usd: Double? = nil, tokens: Int? = nil, idle: Double? = nil
        ) {
            self.timeout = timeout
            self.output = output
            self.turns = turns
            self.usd = usd
            self.tokens = tokens
            self.idle = idle
        }
    }
}
