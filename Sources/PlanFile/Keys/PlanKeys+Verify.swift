import Model

enum VerifyKeys {
    static let baseline = ofWholeTree(
        "baseline", meaning: "Checks that run on the base first. If one fails, the run is refused.")
    static let allowBaselineFailures = Key.optional(
        "allow_baseline_failures", .flag, default: false,
        meaning: "Start even if the baseline fails. A check then passes if all its failed tests failed there too.")
    static let done: Key<[CheckDraft]> = {
        let commands = CheckKeys([.file, .files, .task], why: "a done check may run before there is a job").kind
        return list(
            "done", of: Kind.orReviewer(commands),
            meaning: "Checks that fail for a file before its migration and pass after it.")
    }()
    static let task = checks(
        "task", allowing: [.file, .files, .task, .job, .affectedTests], why: "a check has no prompt",
        meaning: "Checks that run on the worker's tree, after the worker.", areMeasured: true)
    static let holdout = checks(
        "holdout", allowing: [.file, .files, .task, .affectedTests], why: "a check that is held back has no job",
        meaning: "Checks like `task` that no worker learns of. Keep what they need outside of the repository.")
    static let holdoutSample = Key.optional(
        "holdout_sample", .percent, otherwise: "all tasks", meaning: "Share of the tasks on which `holdout` runs.")
    static let landing = checks(
        "landing", allowing: [.affectedTests], why: "a landing check runs on the whole tree, not for one task",
        meaning: "Checks that run on the exact tree that would become the tip.", areProbed: true, mayBeAffected: true)
    static let final = ofWholeTree(
        "final", meaning: "Checks that run once on the integration branch, when no task is left.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        meaning: "Environment of every check. `NAME` passes a variable through, `NAME=value` sets it.")

    static let probe = Key.optional(
        "probe", Kind<VerifyRules.Probing>.choice(), default: "require",
        meaning: "Before a run starts, each landing check runs on the base with all source files in scope broken. "
            + "`require`: a check that passes there does not see the files, and the run is refused. `warn`: it is a note. "
            + "`off`: checks are not tried.")

    static let kind = Kind<MappingDraft>.section(
        keys: [
            baseline, allowBaselineFailures, done, task, holdout, holdoutSample, landing, final, environment, probe,
        ])

    /// The same for a stage. Only the plan sets the checks before and after the whole run.
    static let ofStages: Kind<MappingDraft> = {
        let inner = Kind<MappingDraft>.section(
            keys: [below(done), below(task), below(landing), below(environment)])
        return Kind(
            word: "like `verify`, without `baseline`, `final` and `probe`", schema: inner.schema,
            read: inner.asIn("verify").read
        )
    }()

    private static func below<Value>(_ key: Key<Value>) -> Key<Value> {
        Key(
            name: key.name, kind: key.kind.asIn("verify.\(key.name)"), isRequired: false,
            defaultValue: key.defaultValue, defaultWords: key.defaultWords, meaning: key.meaning)
    }

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> VerifyRules {
        var rules = VerifyRules(
            done: try fields.value(done).filter { $0.reviewer == nil }.map(\.check),
            task: try fields.value(task).map(\.check),
            landing: try fields.value(landing).map(\.check), environment: try fields.value(environment),
            baseline: try fields.value(baseline).map(\.check),
            allowBaselineFailures: try fields.value(allowBaselineFailures),
            final: try fields.value(final).map(\.check), probe: try fields.value(probe))
        rules.holdout = try fields.value(holdout).map(\.check)
        rules.holdoutSample = fields.written(holdoutSample)
        return rules
    }

    private static func checks(
        _ name: String, allowing allowed: [CommandTemplate.Placeholder], why: String, meaning: String,
        areProbed: Bool = false, areMeasured: Bool = false, mayBeAffected: Bool = false
    ) -> Key<[CheckDraft]> {
        let keys = CheckKeys(
            allowed, why: why, areProbed: areProbed, areMeasured: areMeasured, mayBeAffected: mayBeAffected)
        return list(name, of: keys.kind, meaning: meaning)
    }

    private static func list(_ name: String, of item: Kind<CheckDraft>, meaning: String) -> Key<[CheckDraft]> {
        let list = Kind<[CheckDraft]>.list("a list of checks", of: item)
        return .optional(name, list.map { named($0, otherwise: name, in: $1) }, default: [], meaning: meaning)
    }

    /// Returns a key for checks of a whole tree that always run whole.
    private static func ofWholeTree(_ name: String, meaning: String) -> Key<[CheckDraft]> {
        let first = "verify.baseline"
        var list = Kind<[CheckDraft]>.list(
            "a list of checks", of: CheckKeys([], why: "the check runs on the whole tree", areProbed: true).kind)
        if "verify.\(name)" != first { list = list.asIn(first) }
        return .optional(name, list.map { named($0, otherwise: name, in: $1) }, default: [], meaning: meaning)
    }

    /// Names the unnamed checks and refuses duplicate names.
    private static func named(
        _ drafts: [CheckDraft], otherwise: String, in context: ReadingContext
    ) -> [CheckDraft] {
        var names = CheckNames(taken: drafts.compactMap(\.name))
        var seen: Set<String> = []
        return drafts.map { draft in
            var draft = draft
            if let name = draft.name {
                if !seen.insert(name).inserted {
                    context.findings.error(
                        "two checks of '\(context.path)' are called '\(SourceNode.shortened(name))'",
                        at: draft.namePlace,
                        hint: "give each its own name")
                }
            } else {
                draft.check.name = names.next(for: draft.check.run, otherwise: otherwise)
            }
            return draft
        }
    }
}

/// A check and its place in the file.
struct CheckDraft: Sendable {
    /// The name in the plan. `check` always has a name.
    var name: String?
    var check: Check
    var namePlace: Place
    var runPlace: Place
    /// The reviewer that replaces the command; only among `done` checks.
    var reviewer: ReviewerDraft?

    var speaksOfFiles: Bool {
        if reviewer != nil { return true }
        guard let template = try? CommandTemplate(check.run) else { return true }
        return !template.placeholders.isDisjoint(with: [.file, .files])
    }
}

/// The keys of one check. The placeholders of its command depend on the list.
struct CheckKeys {
    let kind: Kind<CheckDraft>

    private static let coverage = Key.optional(
        "coverage", .glob, otherwise: "none",
        meaning:
            "Glob of the coverage reports that the check writes, for `guards.coverage`: lcov, Cobertura, coverage.py "
            + "JSON or llvm-cov JSON.")
    private static let probe = Key.optional(
        "probe", Kind<VerifyRules.Probing>.choice(), otherwise: "`verify.probe`",
        meaning:
            "Like `verify.probe`, for this landing check only. `off` fits a check of other files than those in scope."
    )

    private static let executor = Key.optional(
        "executor", ExecutorKeys.name, otherwise: "the slots of this machine",
        meaning: "Where the check runs: an executor of your `executors.yaml`, or `here` for the slots of this machine.")
    private static let needs = Key.optional(
        "resources", ExecutorKeys.resources, otherwise: "those of the executor",
        meaning: "What the check needs of the machines of its executor.")

    private static let affected = Key.optional(
        "affected", .flag, default: false,
        meaning:
            "Run the check only on candidates that its tests reach by the dependency graph, with these tests as "
            + "`{affected_tests}`; see [affected checks](verification.md#affected-checks). It then runs whole under "
            + "`verify.final`, too.")
    private static let tests = Key.optional(
        "tests", .list("a list of globs", of: .glob, mayBeEmpty: false), otherwise: "all test files",
        meaning: "With `affected`: the test files that the check runs.")
    private static let wholeEvery = Key.optional(
        "whole_every", .positive, otherwise: "\(AffectedRule.defaultWholeEvery)",
        meaning: "With `affected`: so many tasks land at most until the check runs whole.")

    /// - Parameters:
    ///   - mayBeAffected: whether a check has the keys `affected`, `tests` and `whole_every`.
    ///   - areProbed: whether a check has the keys `probe`, `executor` and `resources`. The lists of checks of a whole
    ///   tree share their keys, although only landing checks are probed.
    ///   - areMeasured: whether a check has the key `coverage`.
    init(
        _ allowed: [CommandTemplate.Placeholder], why: String, areProbed: Bool = false, areMeasured: Bool = false,
        mayBeAffected: Bool = false
    ) {
        let name = Key.optional(
            "name", .text("a name", check: CheckNames.problem), otherwise: "the first words of the command",
            meaning: "Name of the check.")
        let run = Key.required(
            "run", .command(allowed + [.planFolder], why: why),
            meaning: "Shell command. It exits 0 if the check passes.")
        let timeout = Key.optional(
            "timeout", .duration, default: "10m", meaning: "Time limit. A check that exceeds it is stopped and fails.")
        let environment = Key.optional(
            "environment", .environment, default: [], meaning: "Like `verify.environment`, for this check only.")
        let exclusive = Key.optional(
            "exclusive", .flag, default: false, meaning: "Run no other check of the run at the same time.")
        let retries = Key.optional(
            "retries", .nonNegative, default: 0,
            meaning: "How often a failed check runs again on the same tree before it counts.")
        let report = Key.optional(
            "report", .testReport, otherwise: "detected from the output",
            meaning: "Where to read the names of failed tests: the format of the output, or a glob of JUnit XML files.")
        let network = Key.optional(
            "network", NetworkKeys.kind, default: "none", meaning: "Network access of the check.")
        let limits = Key.optional(
            "limits", ResourceKeys.kind, default: [:], meaning: "Limits on the check's processes.")
        let general: [any AnyKey] = [
            name, run, timeout, environment, exclusive, retries, report, network, limits,
        ]
        let ofTrees: [any AnyKey] = areProbed ? [Self.probe, Self.executor, Self.needs] : []
        let ofLandings: [any AnyKey] = mayBeAffected ? [Self.affected, Self.tests, Self.wholeEvery] : []
        kind = Kind<CheckDraft>.mapping(keys: general + ofTrees + ofLandings + (areMeasured ? [Self.coverage] : [])) {
            fields throws(Fields.Incomplete) in
            let executor = areProbed ? fields.written(Self.executor) : nil
            return CheckDraft(
                name: fields.written(name),
                check: Check(
                    name: fields.written(name) ?? "", run: try fields.value(run), timeout: try fields.value(timeout),
                    environment: try fields.value(environment), exclusive: try fields.value(exclusive),
                    retries: try fields.value(retries), report: fields.written(report),
                    network: fields.written(network), limits: try fields.value(limits),
                    probe: areProbed ? fields.written(Self.probe) : nil,
                    coverage: areMeasured ? fields.written(Self.coverage) : nil,
                    executor: executor == ExecutorKeys.here ? nil : executor,
                    needs: areProbed ? fields.written(Self.needs) : nil,
                    affected: mayBeAffected ? try Self.affectedRule(of: fields, run: run) : nil),
                namePlace: fields.place(of: name), runPlace: fields.place(of: run))
        }
    }
}

extension CheckKeys {
    private static func affectedRule(
        of fields: Fields, run: Key<String>
    ) throws(Fields.Incomplete) -> AffectedRule? {
        if try fields.value(affected) {
            return AffectedRule(
                tests: fields.written(tests), wholeEvery: fields.written(wholeEvery) ?? AffectedRule.defaultWholeEvery)
        }
        let further: [any AnyKey] = [tests, wholeEvery]
        for key in further where fields.written.has(key) {
            fields.context.findings.error(
                "'\(key.name)' needs 'affected: true'", at: fields.place,
                hint: "add it, or leave '\(key.name)' out: the check then runs whole on every candidate")
        }
        let placeholders = (try? CommandTemplate(try fields.value(run)))?.placeholders ?? []
        if placeholders.contains(.affectedTests) {
            fields.context.findings.error(
                "a landing check with '{affected_tests}' needs 'affected: true'", at: fields.place(of: run),
                hint: "docs/verification.md says what this check then leaves out")
        }
        return nil
    }
}

extension Kind where Value == CheckDraft {
    /// Returns a kind that accepts a command or a reviewer.
    static func orReviewer(_ commands: Kind) -> Kind {
        let reviewers = DoneReviewerKeys.kind
        let known = Set(commands.keys.map(\.name))
        return Kind(word: commands.word, keys: commands.keys + reviewers.keys.filter { !known.contains($0.name) }) {
            context in
            ["anyOf": [commands.schema(context), reviewers.schema(context)]]
        } read: { node, context in
            if case .mapping(let entries) = node.content,
                entries.contains(where: { $0.key == DoneReviewerKeys.reviewer.name })
            {
                return reviewers.read(node, context)
            }
            return commands.read(node, context)
        }
    }
}

extension Kind where Value == TestReportSource {
    /// A format, or a glob of files.
    static let testReport: Kind = {
        let formats = TestReportFormat.allCases.map(\.rawValue)
        let word = "\(formats.joined(separator: " | ")) or a glob"
        return Kind(word: word) { _ in
            let words = formats.map { JSONValue.string($0) }
            return ["anyOf": [["enum": .array(words)], ["type": "string", "pattern": "[./*]"]]]
        } read: { node, context in
            guard let text = Kind<String>.glob.read(node, context) else { return nil }
            if let format = TestReportFormat(rawValue: text) { return .output(format) }
            // A file name contains a dot; a single word is more likely a misspelt format.
            guard text.contains(where: { "./*".contains($0) }) else {
                let near = Suggestion.closest(to: text, among: formats).map { "did you mean '\($0)'?" }
                context.expected(word, at: node, hint: near ?? "a glob of JUnit XML files looks like 'build/**/*.xml'")
                return nil
            }
            return .files(text)
        }
    }()
}
