import Model

enum GuardKeys {
    static let write = Key.optional(
        "write", Kind<GuardRules.WriteSet>.choice(synonyms: ["repo": .repository]), default: "task-files",
        meaning: "What a task may change: its own files, every file in scope, or any file.")
    static let alsoAllow = Key.optional(
        "also_allow", .list("a list of globs", of: .glob), default: [],
        meaning: "Globs of files that any task may also change.")
    static let forbid = Key.optional(
        "forbid", .list("a list of globs", of: .glob), default: [],
        meaning: "Globs of files that no task may change. They override the other keys.")
    static let discard = Key.optional(
        "discard", .list("a list of globs", of: .glob), default: [],
        meaning: "Globs of files that tools leave behind. They are neither rejected nor committed.")
    static let maxChangedLines = Key.optional(
        "max_changed_lines", .count, otherwise: "no limit", meaning: "Maximum added plus removed lines in one attempt.")

    static let maxChangedFiles = Key.optional(
        "max_changed_files", .count, otherwise: "no limit",
        meaning: "Maximum files that one attempt changes, adds or deletes.")
    static let maxBinary = Key.optional(
        "max_binary", .size, default: "1M", meaning: "Maximum size of an added binary file.")
    static let mustChange = Key.optional(
        "must_change", .flag, default: false,
        meaning: "Require a change in every file of a task, unless a done check with `{file}` or `{files}` covers it.")
    static let tests = Key.optional(
        "tests", Kind<GuardRules.Tests>.choice(), default: "keep",
        meaning:
            "Whether a task may remove, skip or empty tests and remove assertions. Use `allow` to migrate the tests themselves."
    )
    static let suppressions = answer(
        "suppressions", "New comments and attributes that silence a checker, such as `# noqa` and `@ts-ignore`.")
    static let conflictMarkers = answer("conflict_markers", "Merge conflict markers left in a file.")
    static let secrets = answer(
        "secrets", "Added keys, tokens and passwords, including those of the job.")
    static let leftovers = answer(
        "leftovers", "New backup, reject and swap files, and folders that agents create for themselves.")
    static let placeholders = answer(
        "placeholders", "New comments that stand in for code, such as `... existing code ...`.")
    static let emptiedFiles = answer("emptied_files", "Files whose code was all removed.")
    static let symlinks = answer("symlinks", "Links that point outside the repository.")
    static let modes = answer("modes", "Files whose mode or type changed.")
    static let submodules = answer("submodules", "Changed submodules and nested repositories.")
    static let gitAttributes = answer(
        "git_attributes", "Changed `.gitattributes` files that do not belong to the task.")
    static let custom = Key.optional(
        "custom", CustomGuardKeys.kind, default: [], meaning: "Commands that judge the diff of an attempt.")

    static let coverage = Key.optional(
        "coverage", CoverageKeys.kind, otherwise: "coverage may fall",
        meaning: "How far the coverage of a task's files may fall. A check under `verify.task` measures it.")

    static let kind = Kind<MappingDraft>.section(
        keys: [
            write, alsoAllow, forbid, discard, maxChangedLines, maxChangedFiles, maxBinary, mustChange, tests,
            suppressions, conflictMarkers, secrets, leftovers, placeholders, emptiedFiles, symlinks, modes, submodules,
            gitAttributes, coverage, custom,
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
            custom: try fields.value(custom), coverage: fields.written(coverage))
    }

    private static func answer(_ name: String, _ meaning: String) -> Key<GuardRules.Answer> {
        .optional(name, Kind<GuardRules.Answer>.choice(), default: "refuse", meaning: meaning)
    }
}

enum CoverageKeys {
    static let drop = Key.required(
        "drop", .points,
        meaning: "Maximum fall of the share of a file's lines that tests run, in percentage points against the base.")

    static let kind = Kind<GuardRules.Coverage>.mapping(keys: [drop]) { fields throws(Fields.Incomplete) in
        GuardRules.Coverage(drop: try fields.value(drop))
    }
}

/// The keys of one custom guard.
enum CustomGuardKeys {
    static let name = Key.optional(
        "name", .text("a name", check: CheckNames.problem), otherwise: "the first words of the command",
        meaning: "Name of the guard.")
    static let run = Key.required(
        "run", .command([.files, .task, .job, .diff, .planFolder], why: "a guard judges the diff of a whole attempt"),
        meaning:
            "Shell command that reads the diff from standard input or from the file `{diff}` and exits 0 to accept it. "
            + "Output lines such as `path:line: text` are its findings.")
    static let rule = Key.optional(
        "rule", .text("a text"), otherwise: "none", meaning: "What the guard requires, in one sentence for prompts.")
    static let timeout = Key.optional(
        "timeout", .duration, default: "1m",
        meaning: "Time limit. A guard that exceeds it is stopped and gives no verdict.")
    static let environment = Key.optional(
        "environment", .environment, default: [], meaning: "Like `verify.environment`, for this guard only.")

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
