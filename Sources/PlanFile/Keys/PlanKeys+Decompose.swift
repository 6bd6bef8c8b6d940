import Model

enum DecomposeKeys {
    static let strategy = Key.optional(
        "strategy", Kind<DecomposeRules.Strategy>.choice(), default: "dependency-tree",
        meaning:
            "How tasks are found. `dependency-tree`: files in dependency order. `scaffold`: the same, between a task that "
            + "adds a compatibility layer and one that removes it. `list`: the tasks under `tasks`.")
    static let tasks = Key.optional(
        "tasks", ListKeys.kind, otherwise: "required with `list`",
        meaning:
            "The tasks of a `list`, or `{command: …}`, which prints them in a checkout of the base, as a JSON array of the "
            + "same shape."
    )
    static let scaffold = Key.optional(
        "scaffold", ScaffoldKeys.kind, otherwise: "required with `scaffold`",
        meaning: "A compatibility layer that lets old and new code work side by side.")
    static let unit = Key.optional(
        "unit", Kind<DecomposeRules.Unit>.choice(), default: "file",
        meaning: "How files are grouped into tasks, within the limits and the dependency order.")
    static let maxFiles = Key.optional(
        "max_files", .positive, otherwise: "1, or \(DecomposeRules.defaultMaxGroup) if `unit` is not `file`",
        meaning: "Maximum files in a task that is not a cycle.")
    static let cycles = Key.optional(
        "cycles", Kind<DecomposeRules.Cycles>.choice(), default: "together",
        meaning: "Whether files that depend on each other form one task or are split.")
    static let maxCycle = Key.optional(
        "max_cycle", .positive,
        otherwise: "\(DecomposeRules.defaultMaxCycle), or `max_files` if that is more than 1",
        meaning: "Maximum files in a task that is a cycle. A larger cycle is split.")
    static let maxLines = Key.optional(
        "max_lines", .count, otherwise: "no limit", meaning: "Maximum lines in a task of several files.")
    static let maxTokens = Key.optional(
        "max_tokens", .count, otherwise: "no limit",
        meaning: "Maximum tokens in the files of a task of several files, estimated as a quarter of their bytes.")

    static let kind = Kind<MappingDraft>.section(
        keys: [strategy, tasks, scaffold, unit, maxFiles, cycles, maxCycle, maxLines, maxTokens])

    /// Returns a stage's rules, with the plan's rules for the keys that it lacks.
    ///
    /// `strategy`, `tasks` and `scaffold` belong together: a stage that sets one of them inherits none of them.
    static func merged(_ own: MappingDraft, with plan: MappingDraft) -> MappingDraft {
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
                "the strategy '\(wanted.rawValue)' needs '\(key.name)'", at: fields.place, hint: key.meaning)
        } else if strategy != wanted, isThere,
            fields.node(of: Self.strategy) == nil || fields.written(Self.strategy) != nil
        {
            fields.context.findings.error(
                "'\(key.name)' is not used by the strategy '\(strategy.rawValue)'", at: fields.place(of: key),
                hint: "write 'strategy: \(wanted.rawValue)'")
        }
    }
}

enum DependsKeys {
    static let from = Key.required("from", .glob, meaning: "Glob of the dependent files.")
    static let to = Key.required("to", .glob, meaning: "Glob of the files they depend on.")
    static let remove = Key.optional(
        "remove", .flag, default: false, meaning: "Remove these dependencies instead of adding them.")

    static let kind = Kind<DependsRule>.mapping(keys: [from, to, remove]) { fields throws(Fields.Incomplete) in
        DependsRule(from: try fields.value(from), to: try fields.value(to), remove: try fields.value(remove))
    }
}
