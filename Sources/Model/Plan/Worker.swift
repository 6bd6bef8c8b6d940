/// The workers of a plan and how many run in parallel.
package struct WorkerRules: Codable, Sendable, Equatable {
    package var maxParallel: Int
    /// A task starts on the first rung. A task that fails on one rung goes to the next.
    package var ladder: [Rung]
    /// Like `VerifyRules.environment`, for every worker of the ladder.
    package var environment: [String]
    /// How often a task may be redone because it conflicts with what landed meanwhile.
    package var conflictAttempts: Int
    /// nil if a verified task lands without approval.
    package var approve: Approval?

    /// nil for the order of the plan.
    package var order: Order?
    /// nil if workers may not split their tasks.
    package var split: SplitRules?
    /// Whether the plan leaves `maxParallel` to the machine; nil for no.
    package var isParallelOpen: Bool?
    /// Why a run chose `maxParallel`; nil if the plan says it.
    package var parallelReason: String?

    /// The order of the workers of a ladder.
    package enum Order: String, Codable, Sendable, CaseIterable {
        case written
        /// By the cost of a landed task with each worker, once enough is known.
        case auto
    }

    package static let defaultMaxParallel = 4
    /// The largest number that a run chooses by itself.
    package static let mostChosen = 8
    package static let defaultConflictAttempts = 10

    /// How many slots are only for workers. Another choice of `maxParallel` does not turn a worker's slot into another one.
    package var slotCount: Int { isParallelOpen == true ? max(maxParallel, Self.mostChosen) : maxParallel }

    package init(
        maxParallel: Int = WorkerRules.defaultMaxParallel, ladder: [Rung], environment: [String] = [],
        conflictAttempts: Int = WorkerRules.defaultConflictAttempts, approve: Approval? = nil, order: Order? = nil,
        split: SplitRules? = nil
    ) {
        self.split = split
        self.maxParallel = maxParallel
        self.ladder = ladder
        self.environment = environment
        self.conflictAttempts = conflictAttempts
        self.approve = approve
        self.order = order
    }
}

/// One step of the ladder.
package struct Rung: Codable, Sendable, Equatable {
    package var worker: Worker
    /// Attempts at a task before it goes to the next rung.
    package var attempts: Int
    /// Limits on one attempt, if any.
    package var budget: AttemptBudget?
    /// nil for `fresh`.
    package var retry: Retry?
    /// Name of the executor of its attempts; nil for the slots of this machine.
    package var executor: String?
    /// What an attempt needs of the machines of its executor; nil for the executor's own figures.
    package var needs: JobResources?

    /// How the attempt after a failed one starts.
    package enum Retry: String, Codable, Sendable, CaseIterable {
        /// With the conversation of the last attempt and its failure as the next message, if the worker supports that.
        case resume
        /// With the prompt only, which includes the failure.
        case fresh
    }

    package static let defaultAttempts = 2

    package init(
        worker: Worker, attempts: Int = Rung.defaultAttempts, budget: AttemptBudget? = nil, retry: Retry? = nil,
        executor: String? = nil, needs: JobResources? = nil
    ) {
        self.executor = executor
        self.needs = needs
        self.worker = worker
        self.attempts = attempts
        self.budget = budget
        self.retry = retry
    }
}

/// A program that does tasks, as described in `workers/<name>/worker.yaml`.
package struct Worker: Codable, Sendable, Equatable {
    /// How the worker receives its prompt.
    package enum PromptInput: String, Codable, Sendable, CaseIterable {
        /// Not at all. The command says what to do.
        case none
        /// On standard input.
        case stdin
        /// As a file. `{prompt}` is its path.
        case file
        /// As one argument, `{prompt}`.
        case argument
    }

    package var name: String
    package var summary: String
    /// Shell command with placeholders; see `CommandTemplate`.
    package var run: String
    package var prompt: PromptInput
    /// Like `VerifyRules.environment`.
    package var environment: [String]
    package var limits: Limits
    /// Model provider. Workers of an overloaded provider wait together. nil if the worker has no shared provider.
    package var provider: String?
    /// nil for no network.
    package var network: Network?
    package var resources: ResourceLimits
    /// Format of standard output; nil if it is only a log.
    package var events: Events?
    /// nil for the user's home.
    package var home: Home?
    /// Token prices for a worker that does not report its cost; nil if unknown.
    package var prices: TokenPrices?
    package var capabilities: [Capability]?
    /// Shell command that continues the conversation `{session}`; nil if the worker cannot.
    package var resume: String?
    /// Shell command that prints the program's version and fails if the program is missing.
    package var probe: String?
    /// Shell command that fails if the program is not logged in. It must cost nothing.
    package var login: String?
    /// Paths of files with conventions that the program reads by itself, so that no prompt repeats them; nil for none.
    /// `**/` before a name stands for any directory.
    package var reads: [String]?
    /// Template of its prompts; nil for the standard one.
    package var template: String?
    /// Absolute path of its folder, if its commands name it; nil otherwise.
    package var folder: String?
    /// What an attempt without a change means; nil for `failed`.
    package var noChange: NoChange?

    /// What an attempt means in which the worker changed nothing and exited with 0.
    package enum NoChange: String, Codable, Sendable, CaseIterable {
        /// The task is done already, unless it has `done` checks: they say that it is not.
        case done
        /// The attempt failed.
        case failed
    }

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

    /// The name by which workers wait together after an overload: the provider, or the worker itself.
    package var providerName: String { provider ?? name }

    /// Limits on one attempt.
    package struct Limits: Codable, Sendable, Equatable {
        /// Seconds of wall time.
        package var timeout: Double
        /// Bytes of output kept in the log. The rest is counted and dropped.
        package var output: Int
        /// Answers of the model; nil for no limit, as in the two below.
        package var turns: Int?
        package var usd: Double?
        package var tokens: Int?
        /// Seconds without output, a changed file or processor time after which it is stopped; nil for no limit.
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
