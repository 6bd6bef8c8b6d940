import Model

enum WorkersKeys {
    static let maxParallel = Key.optional(
        "max_parallel", .positive, default: .integer(WorkerRules.defaultMaxParallel), "Workers side by side.")
    static let ladder = Key.optional(
        "ladder", .list("a list of workers", of: RungKeys.kind, mayBeEmpty: false),
        otherwise: "required, unless every stage has its own",
        "Workers in the order to try them; a task that fails with one is given to the next.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "what the worker says", "Longest attempt of any worker of the ladder.")
    static let idleTimeout = Key.optional(
        "idle_timeout", .duration, otherwise: "what the worker says",
        "A worker that prints nothing, changes no file and uses no processor for so long is stuck, and is ended.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        "Environment of every worker: `NAME` passes a variable on, `NAME=value` sets it.")
    static let conflictAttempts = Key.optional(
        "conflict_attempts", .positive, default: .integer(WorkerRules.defaultConflictAttempts),
        "Times that a task may be done again because what landed meanwhile conflicts with it.")

    static let retry = Key.optional(
        "retry", Kind<Rung.Retry>.choice(), default: "fresh",
        "What an attempt after a failed one begins with: `resume` goes on with the conversation where the worker can, "
            + "`fresh` starts a new one; both are told of the failure.")

    static let order = Key.optional(
        "order", Kind<WorkerRules.Order>.choice(), default: "written",
        "The order of every ladder: `written`, or `auto` for what a landed task has cost with each worker in all runs on this "
            + "machine, once each has made 20 attempts. Decided when a run begins.")

    static let approve = Key.optional(
        "approve", Kind<Approval>.choice(), otherwise: "nobody is asked",
        "`before-landing`: a verified task waits until `orchestrate continue TASK`, or for `retry TASK --note`.")

    static let kind = Kind<WorkersDraft>.mapping(
        keys: [maxParallel, ladder, order, timeout, idleTimeout, environment, conflictAttempts, retry, approve]
    ) { fields throws(Fields.Incomplete) in
        WorkersDraft(
            maxParallel: try fields.value(maxParallel), ladder: written(ladder, in: fields),
            timeout: fields.written(timeout), idleTimeout: fields.written(idleTimeout),
            environment: try fields.value(environment), conflictAttempts: try fields.value(conflictAttempts),
            retry: fields.written(retry),
            order: fields.written(order), approve: fields.written(approve), place: fields.place)
    }

    /// - Returns: nil if there is no ladder; none of its steps if it could not be read.
    static func written(_ key: Key<[RungDraft]>, in fields: Fields) -> [RungDraft]? {
        fields.node(of: key) == nil ? nil : fields.written(key) ?? []
    }
}

/// The workers of a stage, or of a task of a scaffold; what holds for all workers is said once at the top.
enum OwnWorkersKeys {
    static let ladder = Key.optional(
        "ladder", WorkersKeys.ladder.kind.asIn("workers.ladder"), otherwise: "`workers.ladder`",
        "As `workers.ladder`.")

    static let kind = Kind<[RungDraft]?>.mapping(keys: [ladder]) { fields throws(Fields.Incomplete) in
        WorkersKeys.written(ladder, in: fields)
    }
}

struct WorkersDraft: Sendable {
    var maxParallel = WorkerRules.defaultMaxParallel
    /// nil if there is none.
    var ladder: [RungDraft]?
    var timeout: Double?
    var idleTimeout: Double?
    var environment: [String] = []
    var conflictAttempts = WorkerRules.defaultConflictAttempts
    var retry: Rung.Retry?
    var order: WorkerRules.Order?
    var approve: Approval?
    var place = Place.wholeFile
}

enum RungKeys {
    static let use = Key.optional(
        "use", .text("a worker's name", check: BranchName.partProblem), otherwise: "`command`",
        "A folder below `workers/`, or the name of the worker that `run` writes out.")
    static let run = Key.optional(
        "run", .command(CommandTemplate.Placeholder.ofWorkers, why: ""), otherwise: "what the worker's folder says",
        "Shell command that does the work.")
    static let attempts = Key.optional(
        "attempts", .positive, default: .integer(Rung.defaultAttempts),
        "Attempts at a task before it is given to the next worker.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "`workers.timeout`, or what the worker says", "Longest attempt.")
    static let idleTimeout = Key.optional(
        "idle_timeout", .duration, otherwise: "`workers.idle_timeout`, or what the worker says",
        "As `workers.idle_timeout`, for this worker alone.")
    static let environment = Key.optional(
        "environment", .environment, default: [], "As `workers.environment`, for this worker alone.")
    static let prompt = Key.optional(
        "prompt", Kind<Worker.PromptInput>.choice(), otherwise: "what the worker says, or `none`",
        "How the worker is given its prompt.")
    static let network = Key.optional(
        "network", NetworkKeys.kind, otherwise: "what the worker says, or `none`",
        "What of the network the worker may reach.")
    static let limits = Key.optional(
        "limits", ResourceKeys.kind, otherwise: "what the worker says", "Caps on the worker's processes.")
    static let retry = Key.optional(
        "retry", Kind<Rung.Retry>.choice(), otherwise: "`workers.retry`", "As `workers.retry`, for this worker alone.")
    static let events = Key.optional(
        "events", Kind<Worker.Events>.choice(), otherwise: "what the worker says, or none",
        "Whose form the standard output of `run` has.")

    static let budget = Key.optional(
        "budget", AttemptBudgetKeys.kind, otherwise: "no limit", "Caps on what one attempt may use of a model.")

    static let kind = Kind<RungDraft>.mapping(
        keys: [use, run, attempts, timeout, idleTimeout, environment, prompt, network, limits, retry, events, budget],
        rules: ["anyOf": [["required": ["use"]], ["required": ["run"]]]]
    ) {
        fields throws(Fields.Incomplete) in
        let draft = RungDraft(
            use: fields.written(use), run: fields.written(run), attempts: try fields.value(attempts),
            timeout: fields.written(timeout), idleTimeout: fields.written(idleTimeout),
            environment: try fields.value(environment), prompt: fields.written(prompt),
            network: fields.written(network), limits: fields.written(limits),
            retry: fields.written(retry), events: fields.written(events), budget: fields.written(budget),
            usePlace: fields.place(of: use), runNode: fields.node(of: run))
        if fields.node(of: use) == nil, fields.node(of: run) == nil {
            fields.context.findings.error(
                "this worker has neither 'use' nor 'run'", at: fields.place,
                hint: "name a folder below workers/ with 'use', or write the command with 'run'")
            return nil
        }
        return draft
    }
}

/// One step of the ladder, whose worker has not been looked up.
struct RungDraft: Sendable {
    var use: String?
    var run: String?
    var attempts: Int
    var timeout: Double?
    var idleTimeout: Double?
    var environment: [String]
    var prompt: Worker.PromptInput?
    var network: Network?
    var limits: ResourceLimits?
    var retry: Rung.Retry?
    var events: Worker.Events?
    var budget: AttemptBudget?
    var usePlace: Place
    var runNode: SourceNode?
}
