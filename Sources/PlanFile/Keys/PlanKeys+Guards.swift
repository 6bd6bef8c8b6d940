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

    static let maxChangedFiles = Key.optional(
        "max_changed_files", .count, otherwise: "no limit", "Most files that one attempt changes, adds or deletes.")
    static let maxBinary = Key.optional("max_binary", .size, default: "1M", "Largest binary file that may be added.")
    static let mustChange = Key.optional(
        "must_change", .flag, default: false,
        "Every file of a task has to be changed, unless a done check that names `{file}` or `{files}` speaks for it.")
    static let tests = Key.optional(
        "tests", Kind<GuardRules.Tests>.choice(), default: "keep",
        "Whether tests may be removed, skipped or emptied and assertions go; `allow` for a migration of the tests.")
    static let suppressions = answer(
        "suppressions", "New comments and attributes that silence a checker, such as `# noqa` and `@ts-ignore`.")
    static let conflictMarkers = answer("conflict_markers", "Lines that a merge has left behind.")
    static let secrets = answer(
        "secrets", "Added keys, tokens and passwords, the job's own among them.")
    static let leftovers = answer(
        "leftovers", "New backups, rejects and swap files, and folders that agents keep for themselves.")
    static let placeholders = answer(
        "placeholders", "New comments that stand in for code, such as `... existing code ...`.")
    static let emptiedFiles = answer("emptied_files", "Files that had code and have none now.")
    static let symlinks = answer("symlinks", "Links that lead out of the repository.")
    static let modes = answer("modes", "Files whose mode or type is another than before.")
    static let submodules = answer("submodules", "Changed submodules, and repositories inside of the repository.")
    static let gitAttributes = answer(
        "git_attributes", "Changed `.gitattributes` that are no file of the task.")
    static let custom = Key.optional(
        "custom", CustomGuardKeys.kind, default: [], "Commands that judge the diff of an attempt.")

    static let kind = Kind<Written>.section(
        keys: [
            write, alsoAllow, forbid, discard, maxChangedLines, maxChangedFiles, maxBinary, mustChange, tests,
            suppressions, conflictMarkers, secrets, leftovers, placeholders, emptiedFiles, symlinks, modes, submodules,
            gitAttributes, custom,
        ])

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> GuardRules {
        GuardRules(
            write: try fields.value(write), alsoAllow: try fields.value(alsoAllow), forbid: try fields.value(forbid),
            discard: try fields.value(discard), maxChangedLines: fields.written(maxChangedLines),
            maxChangedFiles: fields.written(maxChangedFiles), maxBinary: try fields.value(maxBinary),
            mustChange: try fields.value(mustChange), tests: try fields.value(tests),
            suppressions: try fields.value(suppressions), conflictMarkers: try fields.value(conflictMarkers),
            secrets: try fields.value(secrets), leftovers: try fields.value(leftovers),
            placeholders: try fields.value(placeholders), emptiedFiles: try fields.value(emptiedFiles),
            symlinks: try fields.value(symlinks), modes: try fields.value(modes),
            submodules: try fields.value(submodules), gitAttributes: try fields.value(gitAttributes),
            custom: try fields.value(custom))
    }

    private static func answer(_ name: String, _ meaning: String) -> Key<GuardRules.Answer> {
        .optional(name, Kind<GuardRules.Answer>.choice(), default: "refuse", meaning)
    }
}

/// The keys of one custom guard.
enum CustomGuardKeys {
    static let name = Key.optional(
        "name", .text("a name", check: CheckNames.problem), otherwise: "the first words of the command",
        "What to call the guard.")
    static let run = Key.required(
        "run", .command([.files, .task, .job, .diff], why: "a guard judges the diff of a whole attempt"),
        "Shell command that gets the diff on its standard input and as the file `{diff}`, and exits 0 when all is well; "
            + "lines of its output such as `path:line: text` are its objections.")
    static let rule = Key.optional(
        "rule", .text("a text"), otherwise: "nothing", "What the guard wants, in a sentence for prompts.")
    static let timeout = Key.optional(
        "timeout", .duration, default: "1m", "After this the guard is ended and has given no answer.")
    static let environment = Key.optional(
        "environment", .environment, default: [], "As `verify.environment`, for this guard alone.")

    static let kind = Kind<[CustomGuard]>.list("a list of guards", of: item).map { guards, _ in
        var names = CheckNames(taken: guards.map(\.name).filter { !$0.isEmpty })
        return guards.map { each in
            var each = each
            if each.name.isEmpty { each.name = names.next(for: each.run, otherwise: "guard") }
            return each
        }
    }

    private static let item = Kind<CustomGuard>.mapping(keys: [name, run, rule, timeout, environment]) {
        fields throws(Fields.Incomplete) in
        CustomGuard(
            name: fields.written(name) ?? "", run: try fields.value(run), rule: fields.written(rule) ?? "",
            timeout: try fields.value(timeout), environment: try fields.value(environment))
    }
}
