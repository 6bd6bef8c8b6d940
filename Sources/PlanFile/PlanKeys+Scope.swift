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
        Checkpoint(after: .tasks(try fields.value(after)))
    }
}
