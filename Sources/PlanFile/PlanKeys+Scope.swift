import Model

enum ScopeKeys {
    static let include = Key.optional(
        "include", .list("a list of globs", of: .glob, mayBeEmpty: false), default: ["**"],
        "Globs; a file is in scope if one of them matches.")
    static let exclude = Key.optional(
        "exclude", .list("a list of globs", of: .glob), default: [], "Globs that take files out again.")

    static let kind = Kind<Plan.Scope>.mapping(keys: [include, exclude]) {
        fields throws(Fields.Incomplete) in
        Plan.Scope(include: try fields.value(include), exclude: try fields.value(exclude))
    }
}

enum DecomposeKeys {
    static let strategy = Key.optional(
        "strategy", Kind<DecomposeRules.Strategy>.choice(), default: "dependency-tree",
        "How tasks are found: `dependency-tree` takes what depends on least first.")
    static let unit = Key.optional(
        "unit", Kind<DecomposeRules.Unit>.choice(), default: "file", "What a task is made of.")
    static let maxFiles = Key.optional("max_files", .positive, default: 1, "Most files in a task that is no cycle.")
    static let cycles = Key.optional(
        "cycles", Kind<DecomposeRules.Cycles>.choice(), default: "together",
        "Whether files that depend on each other are one task, or are cut apart.")
    static let maxCycle = Key.optional(
        "max_cycle", .positive,
        otherwise: "\(DecomposeRules.defaultMaxCycle), or `max_files` where that is more than 1",
        "Most files in a task that is a cycle; a larger cycle is cut.")
    static let maxLines = Key.optional(
        "max_lines", .count, otherwise: "no limit", "Most lines in a task, over all its files.")

    static let kind = Kind<DecomposeRules>.mapping(keys: [strategy, unit, maxFiles, cycles, maxCycle, maxLines]
    ) { fields throws(Fields.Incomplete) in
        DecomposeRules(
            strategy: try fields.value(strategy), unit: try fields.value(unit), maxFiles: try fields.value(maxFiles),
            cycles: try fields.value(cycles), maxCycle: fields.written(maxCycle), maxLines: fields.written(maxLines))
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

    static let kind = Kind<Budget>.mapping(keys: [usd, tokens, wall]) { fields throws(Fields.Incomplete) in
        Budget(usd: fields.written(usd), tokens: fields.written(tokens), wall: fields.written(wall))
    }
}

enum CheckpointKeys {
    static let tasks = Key.required("tasks", .positive, "How many tasks have landed then.")
    static let after = Key.required(
        "after",
        Kind<Int>.mapping(keys: [tasks]) { fields throws(Fields.Incomplete) in try fields.value(tasks) },
        "When to wait.")

    static let kind = Kind<Checkpoint>.mapping(keys: [after]) { fields throws(Fields.Incomplete) in
        Checkpoint(afterTasks: try fields.value(after))
    }
}
