import Model

enum VerifyKeys {
    static let baseline = ofTheWhole(
        "baseline", "Checks on the base before anything else; where one is red, the run is refused.")
    static let allowBaselineFailures = Key.optional(
        "allow_baseline_failures", .flag, default: false,
        "Go on with a red baseline; a check whose failing tests all failed there too counts as passed.")
    static let done: Key<[CheckDraft]> = {
        let commands = CheckKeys([.file, .files, .task], why: "a done check may run before there is a job").kind
        return list(
            "done", of: Kind.orReviewer(commands),
            "Checks that fail for a file before it is migrated and hold after.")
    }()
    static let task = checks(
        "task", [.file, .files, .task, .job, .affectedTests], "a check has no prompt",
        "Checks in the worker's slot, after the worker.")
    static let landing = checks(
        "landing", [], "a landing check judges the whole tree, perhaps with several tasks in it",
        "Checks on the exact tree that would become the tip.")
    static let final = ofTheWhole(
        "final", "Checks on the integration branch, once, when nothing is left to do.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        "Environment of every check: `NAME` passes a variable on, `NAME=value` sets it.")

    static let kind = Kind<Written>.section(
        keys: [baseline, allowBaselineFailures, done, task, landing, final, environment])

    /// The same for a part of the plan; what is checked before and after all of it is the plan's alone to say.
    static let ofStages: Kind<Written> = {
        let inner = Kind<Written>.section(
            keys: [below(done), below(task), below(landing), below(environment)])
        return Kind(
            word: "as `verify`, without `baseline` and `final`", schema: inner.schema, read: inner.asIn("verify").read)
    }()

    private static func below<Value>(_ key: Key<Value>) -> Key<Value> {
        Key(
            name: key.name, kind: key.kind.asIn("verify.\(key.name)"), isRequired: false,
            defaultValue: key.defaultValue, defaultWords: key.defaultWords, meaning: key.meaning)
    }

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> VerifyRules {
        VerifyRules(
            done: try fields.value(done).filter { $0.reviewer == nil }.map(\.check),
            task: try fields.value(task).map(\.check),
            landing: try fields.value(landing).map(\.check), environment: try fields.value(environment),
            baseline: try fields.value(baseline).map(\.check),
            allowBaselineFailures: try fields.value(allowBaselineFailures),
            final: try fields.value(final).map(\.check))
    }

    private static func checks(
        _ name: String, _ allowed: [CommandTemplate.Placeholder], _ why: String, _ meaning: String
    ) -> Key<[CheckDraft]> {
        list(name, of: CheckKeys(allowed, why: why).kind, meaning)
    }

    private static func list(_ name: String, of item: Kind<CheckDraft>, _ meaning: String) -> Key<[CheckDraft]> {
        let list = Kind<[CheckDraft]>.list("a list of checks", of: item)
        return .optional(name, list.map { named($0, otherwise: name, in: $1) }, default: [], meaning)
    }

    /// Checks that, as those of `landing`, judge a whole tree.
    private static func ofTheWhole(_ name: String, _ meaning: String) -> Key<[CheckDraft]> {
        let list = Kind<[CheckDraft]>.list(
            "a list of checks", of: CheckKeys([], why: "the check judges the whole tree").kind
        ).asIn("verify.landing")
        return .optional(name, list.map { named($0, otherwise: name, in: $1) }, default: [], meaning)
    }

    /// Names the checks that have no name, and refuses two of the same name.
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

/// A check and where it stands.
struct CheckDraft: Sendable {
    /// The name that the plan gives; `check` has one always.
    var name: String?
    var check: Check
    var namePlace: Place
    var runPlace: Place
    /// Who judges in place of the command; of `done` alone.
    var reviewer: ReviewerDraft?

    var speaksOfFiles: Bool {
        if reviewer != nil { return true }
        guard let template = try? CommandTemplate(check.run) else { return true }
        return !template.placeholders.isDisjoint(with: [.file, .files])
    }
}

/// The keys of one check, which differ in what its command may speak of.
struct CheckKeys {
    let kind: Kind<CheckDraft>

    init(_ allowed: [CommandTemplate.Placeholder], why: String) {
        let name = Key.optional(
            "name", .text("a name", check: CheckNames.problem), otherwise: "the first words of the command",
            "What to call the check.")
        let run = Key.required("run", .command(allowed, why: why), "Shell command that exits 0 when all is well.")
        let timeout = Key.optional(
            "timeout", .duration, default: "10m", "After this the check is ended and has failed.")
        let environment = Key.optional(
            "environment", .environment, default: [], "As `verify.environment`, for this check alone.")
        let exclusive = Key.optional(
            "exclusive", .flag, default: false, "No other check of the run may be under way at the same time.")
        let retries = Key.optional(
            "retries", .naught, default: 0, "How often a red check is run again on the same tree before it counts.")
        let report = Key.optional(
            "report", .testReport, otherwise: "found out from the output",
            "Where failing tests are named: the format of the output, or a glob of JUnit XML files.")
        let network = Key.optional(
            "network", NetworkKeys.kind, default: "none", "What of the network the check may reach.")
        let limits = Key.optional("limits", ResourceKeys.kind, default: [:], "Caps on the check's processes.")
        kind = Kind<CheckDraft>.mapping(keys: [
            name, run, timeout, environment, exclusive, retries, report, network, limits,
        ]) {
            fields throws(Fields.Incomplete) in
            CheckDraft(
                name: fields.written(name),
                check: Check(
                    name: fields.written(name) ?? "", run: try fields.value(run), timeout: try fields.value(timeout),
                    environment: try fields.value(environment), exclusive: try fields.value(exclusive),
                    retries: try fields.value(retries), report: fields.written(report),
                    network: fields.written(network), limits: try fields.value(limits)),
                namePlace: fields.place(of: name), runPlace: fields.place(of: run))
        }
    }
}

extension Kind where Value == CheckDraft {
    /// A command, or a reviewer in its place.
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
            // The name of a file has a dot in it; a word alone is rather a format that was misspelt.
            guard text.contains(where: { "./*".contains($0) }) else {
                let near = Suggestion.closest(to: text, among: formats).map { "did you mean '\($0)'?" }
                context.expected(word, at: node, hint: near ?? "a glob of JUnit XML files looks like 'build/**/*.xml'")
                return nil
            }
            return .files(text)
        }
    }()
}
