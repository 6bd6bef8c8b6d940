import Model

enum VerifyKeys {
    static let done = checks(
        "done", [.file, .files, .task], "a done check may run before there is a job",
        "Checks that fail for a file before it is migrated and hold after.")
    static let task = checks(
        "task", [.file, .files, .task, .job, .affectedTests], "a check has no prompt",
        "Checks in the worker's slot, after the worker.")
    static let landing = checks(
        "landing", [], "a landing check judges the whole tree, perhaps with several tasks in it",
        "Checks on the exact tree that would become the tip.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        "Environment of every check: `NAME` passes a variable on, `NAME=value` sets it.")

    static let kind = Kind<Written>.section(keys: [done, task, landing, environment])

    static func rules(of fields: Fields) throws(Fields.Incomplete) -> VerifyRules {
        VerifyRules(
            done: try fields.value(done).map(\.check), task: try fields.value(task).map(\.check),
            landing: try fields.value(landing).map(\.check), environment: try fields.value(environment))
    }

    private static func checks(
        _ name: String, _ allowed: [CommandTemplate.Placeholder], _ why: String, _ meaning: String
    ) -> Key<[CheckDraft]> {
        let list = Kind<[CheckDraft]>.list("a list of checks", of: CheckKeys(allowed, why: why).kind)
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

    var speaksOfFiles: Bool {
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
        kind = Kind<CheckDraft>.mapping(keys: [name, run, timeout, environment, exclusive]) {
            fields throws(Fields.Incomplete) in
            CheckDraft(
                name: fields.written(name),
                check: Check(
                    name: fields.written(name) ?? "", run: try fields.value(run), timeout: try fields.value(timeout),
                    environment: try fields.value(environment), exclusive: try fields.value(exclusive)),
                namePlace: fields.place(of: name), runPlace: fields.place(of: run))
        }
    }
}
