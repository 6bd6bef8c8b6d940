import Model

enum ScopeKeys {
    static let include = Key.optional(
        "include", .list("a list of globs", of: .glob, mayBeEmpty: false), default: ["**"],
        "Globs; a file is in scope if one of them matches.")
    static let exclude = Key.optional(
        "exclude", .list("a list of globs", of: .glob), default: [], "Globs that take files out again.")

    static let kind = Kind<Written>.section(keys: [include, exclude])

    static func scope(of fields: Fields) throws(Fields.Incomplete) -> Plan.Scope {
        Plan.Scope(include: try fields.value(include), exclude: try fields.value(exclude))
    }
}

enum ContextKeys {
    static let share = Key.optional(
        "share", Kind<ContextRules.Share>.choice(), default: "none",
        "What a prompt carries of other tasks' experience.")
    static let budgetTokens = Key.optional(
        "budget_tokens", .count, default: 2000, "Most tokens of a prompt that this takes.")

    static let kind = Kind<ContextRules>.mapping(keys: [share, budgetTokens]) {
        fields throws(Fields.Incomplete) in
        ContextRules(share: try fields.value(share), budgetTokens: try fields.value(budgetTokens))
    }
}

enum BudgetKeys {
    static let usd = Key.optional("usd", .money, otherwise: "no limit", "Most money, in US dollars.")
    static let tokens = Key.optional("tokens", .count, otherwise: "no limit", "Most tokens.")
    static let wall = Key.optional("wall", .duration, otherwise: "no limit", "Longest time that a run may take.")

    static let disk = Key.optional(
        "disk", .size, otherwise: "no limit", "Most room that the run's slots and job folders take up.")
    static let changedLines = Key.optional(
        "changed_lines", .count, otherwise: "no limit", "Most added plus removed lines of all tasks together.")
    static let workers = Key.optional(
        "workers", .count, otherwise: "no limit", "Most workers started, whatever becomes of them.")

    static let kind = Kind<Budget>.mapping(keys: [usd, tokens, wall, disk, changedLines, workers]) {
        fields throws(Fields.Incomplete) in
        Budget(
            usd: fields.written(usd), tokens: fields.written(tokens), wall: fields.written(wall),
            disk: fields.written(disk), changedLines: fields.written(changedLines), workers: fields.written(workers))
    }
}

enum AttemptBudgetKeys {
    static let usd = Key.optional("usd", .money, otherwise: "no limit", "Most money of one attempt, in US dollars.")
    static let tokens = Key.optional("tokens", .count, otherwise: "no limit", "Most tokens of one attempt.")

    static let kind = Kind<AttemptBudget>.mapping(keys: [usd, tokens]) { fields throws(Fields.Incomplete) in
        AttemptBudget(usd: fields.written(usd), tokens: fields.written(tokens))
    }
}

enum CheckpointKeys {
    static let tasks = Key.optional(
        "tasks", .positive, otherwise: "not by tasks",
        "Once so many tasks of the run have landed or been set aside; no more are begun before.")
    static let stage = Key.optional(
        "stage", .text("a stage's name"), otherwise: "not by stage", "Once every task of this stage is green.")
    static let failureRate = Key.optional(
        "failure_rate", .percent, otherwise: "not by failures",
        "Once this share of the tasks since the last look was set aside, of \(Checkpoint.smallestSample) or more.")
    static let cost = Key.optional(
        "cost", .money, otherwise: "not by cost", "Once the run has cost this many US dollars.")
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
                    "a checkpoint is after one thing", at: fields.place,
                    hint: "write one of tasks, stage, failure_rate and cost; for a second one add a second checkpoint")
                return nil
            }
            return first
        }, "When to wait for a person; 'orchestrate continue' goes on.")

    static let kind = Kind<Checkpoint>.mapping(keys: [after]) { fields throws(Fields.Incomplete) in
        Checkpoint(after: try fields.value(after))
    }
}
