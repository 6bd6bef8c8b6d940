import Model

enum DecomposeKeys {
    static let strategy = Key.optional(
        "strategy", Kind<DecomposeRules.Strategy>.choice(), default: "dependency-tree",
        "How tasks are found: `dependency-tree` takes what depends on least first, `scaffold` does so between a task "
            + "that adds a layer and one that removes it, `list` takes those of `tasks`.")
    static let tasks = Key.optional(
        "tasks", ListKeys.kind, otherwise: "required with `list`",
        "The tasks of a `list`, or `{command: …}` to run in the base: it prints them as a JSON array of the same shape."
    )
    static let scaffold = Key.optional(
        "scaffold", ScaffoldKeys.kind, otherwise: "required with `scaffold`",
        "The layer under which old and new both live.")
    static let unit = Key.optional(
        "unit", Kind<DecomposeRules.Unit>.choice(), default: "file",
        "What a task is made of, as far as the limits and the order allow.")
    static let maxFiles = Key.optional(
        "max_files", .positive, otherwise: "1, or \(DecomposeRules.defaultMaxGroup) where `unit` is not `file`",
        "Most files in a task that is no cycle.")
    static let cycles = Key.optional(
        "cycles", Kind<DecomposeRules.Cycles>.choice(), default: "together",
        "Whether files that depend on each other are one task, or are cut apart.")
    static let maxCycle = Key.optional(
        "max_cycle", .positive,
        otherwise: "\(DecomposeRules.defaultMaxCycle), or `max_files` where that is more than 1",
        "Most files in a task that is a cycle; a larger cycle is cut.")
    static let maxLines = Key.optional(
        "max_lines", .count, otherwise: "no limit", "Most lines in a task of several files.")
    static let maxTokens = Key.optional(
        "max_tokens", .count, otherwise: "no limit",
        "Most tokens in the files of a task of several files, guessed as a quarter of their bytes.")

    static let kind = Kind<Written>.section(
        keys: [strategy, tasks, scaffold, unit, maxFiles, cycles, maxCycle, maxLines, maxTokens])

    /// A stage's own, with the plan's for what it does not say.
    ///
    /// What a strategy needs belongs to it: a stage that says one of these three says all that holds of them.
    static func merged(_ own: Written, with plan: Written) -> Written {
        let together: [any AnyKey] = [strategy, tasks, scaffold]
        return own.inheriting(plan, excluding: together.contains { own.has($0) } ? together : [])
    }

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> DecomposeRules {
        let strategy = try fields.value(strategy)
        require(tasks, with: .list, strategy, in: fields)
        require(scaffold, with: .scaffold, strategy, in: fields)
        return DecomposeRules(
            strategy: strategy, unit: try fields.value(unit), maxFiles: fields.written(maxFiles),
            cycles: try fields.value(cycles), maxCycle: fields.written(maxCycle), maxLines: fields.written(maxLines),
            maxTokens: fields.written(maxTokens), list: fields.written(tasks))
    }

    private static func require<Value>(
        _ key: Key<Value>, with wanted: DecomposeRules.Strategy, _ strategy: DecomposeRules.Strategy, in fields: Fields
    ) {
        let isThere = fields.node(of: key) != nil
        if strategy == wanted, !isThere {
            fields.context.findings.error(
                "the strategy '\(wanted.rawValue)' has no '\(key.name)'", at: fields.place,
                hint: "it says: \(key.meaning)")
        } else if strategy != wanted, isThere,
            fields.node(of: Self.strategy) == nil || fields.written(Self.strategy) != nil
        {
            fields.context.findings.error(
                "'\(key.name)' means nothing with the strategy '\(strategy.rawValue)'", at: fields.place(of: key),
                hint: "write 'strategy: \(wanted.rawValue)'")
        }
    }
}

enum DependsKeys {
    static let from = Key.required("from", .glob, "Glob of the files that depend.")
    static let to = Key.required("to", .glob, "Glob of the files that they depend on.")
    static let remove = Key.optional("remove", .flag, default: false, "Take such dependencies away instead.")

    static let kind = Kind<DependsRule>.mapping(keys: [from, to, remove]) { fields throws(Fields.Incomplete) in
        DependsRule(from: try fields.value(from), to: try fields.value(to), remove: try fields.value(remove))
    }
}
