import Model

enum SetupKeys {
    static let name = Key.optional(
        "name", .text("a name", check: CheckNames.problem), otherwise: "the first words of the command",
        meaning: "Name of the step.")
    static let run = Key.required(
        "run", .command([], why: "a step prepares the whole slot, not one task"),
        meaning: "Shell command, run at the top of the checkout. It exits 0 if it has succeeded.")
    static let inputs = Key.optional(
        "inputs", .list("a list of globs", of: .glob), default: [],
        meaning:
            "Globs of files that the step depends on, such as a lock file. The step runs again for a commit in which one of "
            + "them differs. Without globs, it runs once in a run.")
    static let network = Key.optional(
        "network", NetworkKeys.kind, default: "none", meaning: "Network access of the step.")
    static let timeout = Key.optional(
        "timeout", .duration, default: "30m", meaning: "Time limit. A step that exceeds it is stopped and has failed.")
    static let environment = Key.optional(
        "environment", .environment, default: [],
        meaning: "Environment of the step. `NAME` passes a variable through, `NAME=value` sets it.")
    static let cache = Key.optional(
        "cache", .list("a list of paths", of: folder), default: [],
        meaning:
            "Folders outside of the slot that the step may read and write, such as `~/.npm`. Created if missing. Workers "
            + "and checks do not see them.")

    private static let folder = Kind<String>.text("a path") { text in
        if text.hasPrefix("/") || text.hasPrefix("~/") { return nil }
        return TextProblem(
            message: "expected an absolute path", hint: "start it with '/', or with '~/' for your home directory")
    }

    private static let step = Kind<SetupDraft>.mapping(
        keys: [name, run, inputs, network, timeout, environment, cache]
    ) { fields throws(Fields.Incomplete) in
        SetupDraft(
            name: fields.written(name),
            step: SetupStep(
                name: fields.written(name) ?? "", run: try fields.value(run), inputs: try fields.value(inputs),
                network: fields.written(network), timeout: try fields.value(timeout),
                environment: try fields.value(environment), cache: try fields.value(cache)))
    }

    static let steps = Kind<[SetupDraft]>.list("a list of steps", of: step).map { drafts, _ in
        var names = CheckNames(taken: drafts.compactMap(\.name))
        return drafts.map { draft in
            var step = draft.step
            if draft.name == nil { step.name = names.next(for: step.run, otherwise: "set-up") }
            return step
        }
    }
}

/// A step, before it has a name.
struct SetupDraft: Sendable {
    /// nil without the key.
    var name: String?
    var step: SetupStep
}
