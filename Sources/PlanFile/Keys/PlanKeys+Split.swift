import Model

enum SplitKeys {
    static let most = Key.optional(
        "max", .integer(in: 1...SplitRules.mostAllowed), default: .integer(SplitRules.defaultMost),
        meaning: "Maximum parts of one task.")
    static let depth = Key.optional(
        "depth", .integer(in: 1...SplitRules.deepest), default: .integer(SplitRules.defaultDepth),
        meaning: "How often a task may be divided. With `1`, a part is not split again.")
    static let maxTasks = Key.optional(
        "max_tasks", .positive, default: .integer(SplitRules.defaultMostInRun),
        meaning: "Maximum parts of all tasks of a run.")

    private static let keys: [any AnyKey] = [most, depth, maxTasks]

    private static let rules = Kind<SplitRules>.mapping(keys: keys) { fields throws(Fields.Incomplete) in
        SplitRules(
            most: try fields.value(most), depth: try fields.value(depth), mostInRun: try fields.value(maxTasks))
    }

    /// `true` means the default rules, `false` no rules.
    static let kind = Kind<SplitRules?>(word: "true, false or a mapping", keys: keys) { context in
        ["anyOf": [rules.schema(context), ["type": "boolean"]]]
    } read: { node, context in
        if case .mapping = node.content { return rules.read(node, context).map { .some($0) } }
        return Kind<Bool>.flag.read(node, context).map { $0 ? SplitRules() : nil }
    }
}
