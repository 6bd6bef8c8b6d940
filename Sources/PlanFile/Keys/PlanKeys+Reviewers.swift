import Model

/// The keys of one reviewer.
enum ReviewerKeys {
    static let name = Key.optional(
        "name", .text("a name", check: CheckNames.problem), otherwise: "the worker's name",
        meaning: "Name of the reviewer."
    )
    static let use = Key.optional(
        "use", .text("a worker's name", check: BranchName.partProblem), otherwise: "`command`",
        meaning: "Name of a folder in `workers/`, or a name for the worker that `run` defines.")
    static let run = Key.optional(
        "run", .command(CommandTemplate.Placeholder.ofWorkers + [.planFolder], why: RungKeys.noFolder),
        otherwise: "from the worker's folder",
        meaning: "Shell command that writes its verdict to `{job}/outcome.json`.")
    static let instructions = Key.optional(
        "instructions", .text("a text"), otherwise: "none", meaning: "What to look at, in addition to the plan's goal.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "from the worker", meaning: "Time limit for a verdict.")
    static let environment = Key.optional(
        "environment", .environment, default: [], meaning: "Like `workers.environment`, for this reviewer only.")
    static let prompt = Key.optional(
        "prompt", Kind<Worker.PromptInput>.choice(), otherwise: "from the worker, or `none`",
        meaning: "How the reviewer receives its prompt.")

    static let kind = Kind<ReviewerDraft>.mapping(
        keys: [name, use, run, instructions, timeout, environment, prompt],
        rules: ["anyOf": [["required": ["use"]], ["required": ["run"]]]]
    ) { fields throws(Fields.Incomplete) in
        if fields.node(of: use) == nil, fields.node(of: run) == nil {
            fields.context.findings.error(
                "this reviewer has neither 'use' nor 'run'", at: fields.place,
                hint: "set 'use' to a folder in workers/, or 'run' to a command")
            return nil
        }
        return ReviewerDraft(
            name: fields.written(name), instructions: fields.written(instructions) ?? "",
            rung: RungDraft(
                use: fields.written(use), run: fields.written(run), attempts: 1, timeout: fields.written(timeout),
                environment: try fields.value(environment), prompt: fields.written(prompt), network: nil, limits: nil,
                retry: nil, events: nil, usePlace: fields.place(of: use), runNode: fields.node(of: run)))
    }
}

/// The keys of a reviewer among the `done` checks.
enum DoneReviewerKeys {
    static let reviewer = Key.optional(
        "reviewer", .text("a reviewer's or a worker's name", check: BranchName.partProblem),
        otherwise: "none: `run` decides",
        meaning:
            "A reviewer that decides in place of a command whether the task's files are done: a name from `reviewers`, or "
            + "a folder in `workers/`.")

    static let kind = Kind<CheckDraft>.mapping(
        keys: [
            ReviewerKeys.name, reviewer, ReviewerKeys.run, ReviewerKeys.instructions, ReviewerKeys.timeout,
            ReviewerKeys.environment, ReviewerKeys.prompt,
        ], rules: ["required": [.string(reviewer.name)]]
    ) { fields throws(Fields.Incomplete) in
        guard let written = fields.written(reviewer) else { return nil }
        let name = fields.written(ReviewerKeys.name)
        let rung = RungDraft(
            use: written, run: fields.written(ReviewerKeys.run), attempts: 1,
            timeout: fields.written(ReviewerKeys.timeout),
            environment: try fields.value(ReviewerKeys.environment), prompt: fields.written(ReviewerKeys.prompt),
            network: nil, limits: nil, retry: nil, events: nil, usePlace: fields.place(of: reviewer),
            runNode: fields.node(of: ReviewerKeys.run))
        return CheckDraft(
            name: name, check: Check(name: name ?? "", run: written), namePlace: fields.place(of: ReviewerKeys.name),
            runPlace: fields.place(of: reviewer),
            reviewer: ReviewerDraft(
                name: name, instructions: fields.written(ReviewerKeys.instructions) ?? "", rung: rung))
    }
}

/// A list of reviewers, optionally with the number that must approve.
enum ReviewKeys {
    static let needs = Key.optional(
        "needs", .positive, otherwise: "all of them", meaning: "Number of reviewers that must approve an attempt.")
    static let of = Key.required(
        "of", .list("a list of reviewers", of: ReviewerKeys.kind, mayBeEmpty: false),
        meaning: "Reviewers, asked in this order.")

    private static let list = Kind<[ReviewerDraft]>.list(
        "a list of reviewers", of: ReviewerKeys.kind, mayBeEmpty: false)
    private static let panel = Kind<ReviewDraft>.mapping(keys: [needs, of]) { fields throws(Fields.Incomplete) in
        let draft = ReviewDraft(reviewers: try fields.value(of), needs: fields.written(needs))
        if let needs = draft.needs, needs > draft.reviewers.count {
            fields.context.findings.error(
                "'needs' is \(needs), but the number of reviewers is \(draft.reviewers.count)",
                at: fields.place(of: Self.needs), hint: "add reviewers, or lower 'needs'")
        }
        return draft
    }

    static let kind = Kind<ReviewDraft>(word: "a list of reviewers, or `needs` and `of`", keys: panel.keys) { context in
        ["anyOf": [list.schema(context), panel.schema(context)]]
    } read: { node, context in
        if case .mapping = node.content { return panel.read(node, context) }
        return list.read(node, context).map { ReviewDraft(reviewers: $0, needs: nil) }
    }
}

/// Reviewers, before their workers are looked up.
struct ReviewDraft: Sendable {
    var reviewers: [ReviewerDraft]
    /// nil if all must approve.
    var needs: Int?
}

struct ReviewerDraft: Sendable {
    var name: String?
    var instructions: String
    var rung: RungDraft
}
