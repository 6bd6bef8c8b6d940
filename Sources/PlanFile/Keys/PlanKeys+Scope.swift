import Model

enum ScopeKeys {
    static let include = Key.optional(
        "include", .list("a list of globs", of: .glob, mayBeEmpty: false),
        otherwise: "all source code, neither generated nor vendored",
        meaning: "Globs. A file is in scope if one of them matches. Symbolic links and submodules never are.")
    static let exclude = Key.optional(
        "exclude", .list("a list of globs", of: .glob), default: [],
        meaning: "Globs of files to leave out of the scope.")

    static let kind = Kind<MappingDraft>.section(keys: [include, exclude])

    static func scope(of fields: Fields) throws(Fields.Incomplete) -> Plan.Scope {
        guard let globs = fields.written(include) else {
            return Plan.Scope(exclude: try fields.value(exclude), sourcesOnly: true)
        }
        return Plan.Scope(include: globs, exclude: try fields.value(exclude))
    }
}

enum ContextKeys {
    static let share = Key.optional(
        "share", Kind<ContextRules.Share>.choice(), default: "none",
        meaning:
            "What it includes: nothing more, the lessons file, the most relevant messages, or those and transcripts.")
    static let budgetTokens = Key.optional(
        "budget_tokens", .count, default: 2000, meaning: "Maximum tokens that they take of a prompt.")

    static let examples = Key.optional(
        "examples", .count, default: 2,
        meaning: "Maximum diffs of landed tasks with files of the same kind that a prompt shows as examples.")

    static let kind = Kind<ContextRules>.mapping(keys: [share, budgetTokens, examples]) {
        fields throws(Fields.Incomplete) in
        ContextRules(
            share: try fields.value(share), budgetTokens: try fields.value(budgetTokens),
            landedExamples: fields.written(examples))
    }
}

enum ExampleKeys {
    static let before = Key.required("before", .text("a text"), meaning: "Text before the migration.")
    static let after = Key.required("after", .text("a text"), meaning: "The same text after it.")
    static let note = Key.optional("note", .text("a text"), otherwise: "none", meaning: "What the example shows.")

    static let kind = Kind<Example>.mapping(keys: [before, after, note]) { fields throws(Fields.Incomplete) in
        Example(before: try fields.value(before), after: try fields.value(after), note: fields.written(note))
    }
}

enum BudgetKeys {
    static let usd = Key.optional("usd", .money, otherwise: "no limit", meaning: "Maximum cost in US dollars.")
    static let tokens = Key.optional("tokens", .count, otherwise: "no limit", meaning: "Maximum tokens.")
    static let requests = Key.optional(
        "requests", .count, otherwise: "no limit",
        meaning: "Maximum requests to models. A worker that does not report its requests counts as one.")
    static let wall = Key.optional(
        "wall", .duration, otherwise: "no limit",
        meaning:
            "Maximum duration of the run, without its preparation. At its end, workers and checks are ended within 5 s."
    )

    static let workerTime = Key.optional(
        "worker_time", .duration, otherwise: "no limit",
        meaning:
            "Maximum time of all attempts together, each from the start of its worker to its end. Running workers are "
            + "ended then.")
    static let disk = Key.optional(
        "disk", .size, otherwise: "no limit", meaning: "Maximum disk space of the run's slots and job folders.")
    static let changedLines = Key.optional(
        "changed_lines", .count, otherwise: "no limit",
        meaning: "Maximum added plus removed lines of all tasks together.")
    static let workers = Key.optional(
        "workers", .count, otherwise: "no limit", meaning: "Maximum number of workers started.")

    static let kind = Kind<Budget>.mapping(keys: [usd, tokens, requests, wall, workerTime, disk, changedLines, workers])
    {
        fields throws(Fields.Incomplete) in
        Budget(
            usd: fields.written(usd), tokens: fields.written(tokens), wall: fields.written(wall),
            disk: fields.written(disk), changedLines: fields.written(changedLines), workers: fields.written(workers),
            requests: fields.written(requests), workerTime: fields.written(workerTime))
    }
}

enum AttemptBudgetKeys {
    static let usd = Key.optional(
        "usd", .money, otherwise: "no limit", meaning: "Maximum cost of one attempt in US dollars.")
    static let tokens = Key.optional("tokens", .count, otherwise: "no limit", meaning: "Maximum tokens of one attempt.")
    static let requests = Key.optional(
        "requests", .count, otherwise: "no limit", meaning: "Maximum requests to the model in one attempt.")
    static let workerTime = Key.optional(
        "worker_time", .duration, otherwise: "no limit", meaning: "Maximum time of the worker in one attempt.")

    static let kind = Kind<AttemptBudget>.mapping(keys: [usd, tokens, requests, workerTime]) {
        fields throws(Fields.Incomplete) in
        AttemptBudget(
            usd: fields.written(usd), tokens: fields.written(tokens), requests: fields.written(requests),
            workerTime: fields.written(workerTime))
    }
}

enum CheckpointKeys {
    static let tasks = Key.optional(
        "tasks", .positive, otherwise: "not used",
        meaning: "Wait once this many tasks of the run have landed or failed. No further task starts before that.")
    static let stage = Key.optional(
        "stage", .text("a stage's name"), otherwise: "not used", meaning: "Wait once every task of this stage is done.")
    static let failureRate = Key.optional(
        "failure_rate", .percent, otherwise: "not used",
        meaning: "Wait once this share of the tasks that ended since the last checkpoint has failed. Counted from "
            + "\(Checkpoint.smallestSample) tasks on.")
    static let cost = Key.optional(
        "cost", .money, otherwise: "not used", meaning: "Wait once the run has cost this many US dollars.")
    static let after = Key.required(
        "after",
        Kind<Checkpoint.After>.mapping(
            keys: [tasks, stage, failureRate, cost], rules: ["minProperties": 1, "maxProperties": 1]
        ) { fields throws(Fields.Incomplete) in
            let chosen = [
                fields.written(tasks).map(Checkpoint.After.tasks), fields.written(stage).map(Checkpoint.After.stage),
                fields.written(failureRate).map(Checkpoint.After.failureRate),
                fields.written(cost).map(Checkpoint.After.cost),
            ].compactMap { $0 }
            guard let first = chosen.first, chosen.count == 1 else {
                fields.context.findings.error(
                    "a checkpoint needs exactly one condition", at: fields.place,
                    hint: "use one of tasks, stage, failure_rate and cost; add a second checkpoint for another one")
                return nil
            }
            return first
        }, meaning: "When to wait for a person. `orchestrate continue` resumes the run.")

    static let kind = Kind<Checkpoint>.mapping(keys: [after]) { fields throws(Fields.Incomplete) in
        Checkpoint(after: try fields.value(after))
    }
}
