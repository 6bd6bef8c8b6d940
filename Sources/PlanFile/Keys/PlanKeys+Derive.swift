import Model

enum DeriveKeys {
    static let maxTasks = Key.optional(
        "max_tasks", .positive, default: .integer(DeriveRules.defaultMaxTasks),
        meaning: "Maximum tasks that one run may add.")

    private static let rules = Kind<DeriveRules>.mapping(keys: [maxTasks]) { fields throws(Fields.Incomplete) in
        DeriveRules(maxTasks: try fields.value(maxTasks))
    }

    /// `true` means the default rules, `false` no rules.
    static let kind = Kind<DeriveRules?>(word: "true, false or a mapping", keys: [maxTasks]) { context in
        ["anyOf": [rules.schema(context), ["type": "boolean"]]]
    } read: { node, context in
        if case .mapping = node.content { return rules.read(node, context).map { .some($0) } }
        return Kind<Bool>.flag.read(node, context).map { $0 ? DeriveRules() : nil }
    }
}
