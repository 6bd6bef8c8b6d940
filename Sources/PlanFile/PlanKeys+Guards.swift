import Model

enum GuardKeys {
    static let write = Key.optional(
        "write", Kind<GuardRules.WriteSet>.choice(synonyms: ["repo": .repository]), default: "task-files",
        "What a task may change: its own files, every file in scope, or any file.")
    static let alsoAllow = Key.optional(
        "also_allow", .list("a list of globs", of: .glob), default: [], "Globs that any task may change as well.")
    static let forbid = Key.optional(
        "forbid", .list("a list of globs", of: .glob), default: [],
        "Globs that no task may change, whatever the other keys allow.")
    static let discard = Key.optional(
        "discard", .list("a list of globs", of: .glob), default: [],
        "Globs of what tools leave behind: neither objected to nor committed.")
    static let maxChangedLines = Key.optional(
        "max_changed_lines", .count, otherwise: "no limit", "Most added plus removed lines in one attempt.")

    static let kind = Kind<Written>.section(keys: [write, alsoAllow, forbid, discard, maxChangedLines])

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> GuardRules {
        GuardRules(
            write: try fields.value(write), alsoAllow: try fields.value(alsoAllow), forbid: try fields.value(forbid),
            discard: try fields.value(discard), maxChangedLines: fields.written(maxChangedLines))
    }
}
