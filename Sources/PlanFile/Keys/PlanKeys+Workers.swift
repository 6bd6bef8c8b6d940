import Model

enum WorkersKeys {
    static let maxParallel = Key.optional(
        "max_parallel", .parallel,
        otherwise: "\(WorkerRules.defaultMaxParallel); fewer or more, as the machine bears, if checks are long",
        meaning: "Number of workers that run in parallel.")
    static let ladder = Key.optional(
        "ladder", .list("a list of workers", of: RungKeys.kind, mayBeEmpty: false),
        otherwise: "required, unless every stage has its own",
        meaning: "Workers in the order to try them. A task that fails with one goes to the next.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "from the worker", meaning: "Time limit of an attempt, for every worker.")
    static let idleTimeout = Key.optional(
        "idle_timeout", .duration, otherwise: "from the worker",
        meaning:
            "Stop a worker as stuck if it prints nothing, changes no file and uses no processor time for this long.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        meaning: "Environment of every worker. `NAME` passes a variable through, `NAME=value` sets it.")
    static let conflictAttempts = Key.optional(
        "conflict_attempts", .positive, default: .integer(WorkerRules.defaultConflictAttempts),
        meaning: "How often a task may be redone because it conflicts with what landed meanwhile.")

    static let retry = Key.optional(
        "retry", Kind<Rung.Retry>.choice(), default: "fresh",
        meaning:
            "How the attempt after a failed one starts. `resume`: continue the conversation, if the worker can. `fresh`: "
            + "start a new one. Both prompts include the failure.")

    static let order = Key.optional(
        "order", Kind<WorkerRules.Order>.choice(), default: "written",
        meaning:
            "Order of every ladder. `written`: as in the plan. `auto`: by the cost of a landed task with each worker in all "
            + "runs on this machine, once each worker has made \(WorkerRecord.fewestSamples) attempts. Decided when a "
            + "run starts.")

    static let approve = Key.optional(
        "approve", Kind<Approval>.choice(), otherwise: "no approval",
        meaning:
            "`before-landing`: a verified task waits for `orchestrate continue TASK` or `orchestrate retry TASK --note TEXT`."
    )

    static let split = Key.optional(
        "split", SplitKeys.kind, otherwise: "no task is split",
        meaning:
            "Let workers [split their tasks](split.md) into parts, which become tasks of the run. `true` for the defaults below."
    )

    static let kind = Kind<WorkersDraft>.mapping(
        keys: [maxParallel, ladder, order, timeout, idleTimeout, environment, conflictAttempts, retry, approve, split]
    ) { fields throws(Fields.Incomplete) in
        WorkersDraft(
            maxParallel: fields.written(maxParallel), ladder: written(ladder, in: fields),
            timeout: fields.written(timeout), idleTimeout: fields.written(idleTimeout),
            environment: try fields.value(environment), conflictAttempts: try fields.value(conflictAttempts),
            retry: fields.written(retry),
            order: fields.written(order), approve: fields.written(approve), split: fields.written(split) ?? nil,
            place: fields.place)
    }

    /// Returns the ladder; nil without the key, and an empty ladder if it could not be read.
    static func written(_ key: Key<[RungDraft]>, in fields: Fields) -> [RungDraft]? {
        fields.node(of: key) == nil ? nil : fields.written(key) ?? []
    }
}

/// The workers of a stage or of a scaffold task. Rules for all workers stand only at the top of the plan.
enum OwnWorkersKeys {
    static let ladder = Key.optional(
        "ladder", WorkersKeys.ladder.kind.asIn("workers.ladder"), otherwise: "`workers.ladder`",
        meaning: "Like `workers.ladder`.")

    static let kind = Kind<[RungDraft]?>.mapping(keys: [ladder]) { fields throws(Fields.Incomplete) in
        WorkersKeys.written(ladder, in: fields)
    }
}

struct WorkersDraft: Sendable {
    /// nil without the key.
    var maxParallel: Int?
    /// nil without the key.
    var ladder: [RungDraft]?
    var timeout: Double?
    var idleTimeout: Double?
    var environment: [String] = []
    var conflictAttempts = WorkerRules.defaultConflictAttempts
    var retry: Rung.Retry?
    var order: WorkerRules.Order?
    var approve: Approval?
    var split: SplitRules?
    var place = Place.wholeFile
}

enum RungKeys {
    /// Why a placeholder of another place has no value in the command of a step.
    static let noFolder = "{worker_dir} belongs into a worker's own worker.yaml"
    static let use = Key.optional(
        "use", .text("a worker's name", check: BranchName.partProblem), otherwise: "`command`",
        meaning: "Name of a folder in `workers/`, or a name for the worker that `run` defines.")
    static let run = Key.optional(
        "run", .command(CommandTemplate.Placeholder.ofWorkers + [.planFolder], why: Self.noFolder),
        otherwise: "from the worker's folder",
        meaning: "Shell command that does the work.")
    static let attempts = Key.optional(
        "attempts", .positive, default: .integer(Rung.defaultAttempts),
        meaning: "Attempts at a task before it goes to the next worker.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "`workers.timeout`, or from the worker", meaning: "Time limit of an attempt.")
    static let idleTimeout = Key.optional(
        "idle_timeout", .duration, otherwise: "`workers.idle_timeout`, or from the worker",
        meaning: "Like `workers.idle_timeout`, for this worker only.")
    static let environment = Key.optional(
        "environment", .environment, default: [], meaning: "Like `workers.environment`, for this worker only.")
    static let prompt = Key.optional(
        "prompt", Kind<Worker.PromptInput>.choice(), otherwise: "from the worker, or `none`",
        meaning: "How the worker receives its prompt.")
    static let network = Key.optional(
        "network", NetworkKeys.kind, otherwise: "from the worker, or `none`",
        meaning: "Network access of the worker.")
    static let limits = Key.optional(
        "limits", ResourceKeys.kind, otherwise: "from the worker", meaning: "Limits on the worker's processes.")
    static let retry = Key.optional(
        "retry", Kind<Rung.Retry>.choice(), otherwise: "`workers.retry`",
        meaning: "Like `workers.retry`, for this worker only.")
    static let events = Key.optional(
        "events", Kind<Worker.Events>.choice(), otherwise: "from the worker, or none",
        meaning: "Format of the standard output of `run`.")

    static let noChange = Key.optional(
        "no_change", Kind<Worker.NoChange>.choice(), otherwise: "from the worker, or `failed`",
        meaning:
            "What an attempt means in which the worker changed nothing. `done`: the task is done already, if it has no "
            + "`done` check. `failed`: the attempt failed.")

    static let budget = Key.optional(
        "budget", AttemptBudgetKeys.kind, otherwise: "no limit", meaning: "Limits on what one attempt may use.")

    static let executor = Key.optional(
        "executor", ExecutorKeys.name, otherwise: "the plan's",
        meaning: "Like the plan's `executor`, for this worker only.")
    static let needs = Key.optional(
        "resources", ExecutorKeys.resources, otherwise: "the plan's",
        meaning: "Like the plan's `resources`, for this worker only.")

    static let kind = Kind<RungDraft>.mapping(
        keys: [
            use, run, attempts, timeout, idleTimeout, environment, prompt, network, limits, retry, events, noChange,
            budget, executor, needs,
        ],
        rules: ["anyOf": [["required": ["use"]], ["required": ["run"]]]]
    ) {
        fields throws(Fields.Incomplete) in
        let draft = RungDraft(
            use: fields.written(use), run: fields.written(run), attempts: try fields.value(attempts),
            timeout: fields.written(timeout), idleTimeout: fields.written(idleTimeout),
            environment: try fields.value(environment), prompt: fields.written(prompt),
            network: fields.written(network), limits: fields.written(limits),
            retry: fields.written(retry), events: fields.written(events), budget: fields.written(budget),
            noChange: fields.written(noChange), executor: fields.written(executor), needs: fields.written(needs),
            usePlace: fields.place(of: use), runNode: fields.node(of: run))
        if fields.node(of: use) == nil, fields.node(of: run) == nil {
            fields.context.findings.error(
                "this worker has neither 'use' nor 'run'", at: fields.place,
                hint: "set 'use' to a folder in workers/, or 'run' to a command")
            return nil
        }
        return draft
    }
}

/// One step of the ladder, before its worker is looked up.
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
    var noChange: Worker.NoChange?
    var executor: String?
    var needs: JobResources?
    var usePlace: Place
    var runNode: SourceNode?
}
