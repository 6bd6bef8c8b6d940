import Model

/// The keys of one reviewer.
enum ReviewerKeys {
    static let name = Key.optional(
        "name", .text("a name", check: CheckNames.problem), otherwise: "the worker's name", "What to call the reviewer."
    )
    static let use = Key.optional(
        "use", .text("a worker's name", check: BranchName.partProblem), otherwise: "`command`",
        "A folder below `workers/`, or the name of the worker that `run` writes out.")
    static let run = Key.optional(
        "run", .command(CommandTemplate.Placeholder.ofWorkers, why: ""), otherwise: "what the worker's folder says",
        "Shell command that writes its answer into `{job}/outcome.json`.")
    static let instructions = Key.optional(
        "instructions", .text("a text"), otherwise: "nothing", "What to look at, beside the plan's goal.")
    static let timeout = Key.optional(
        "timeout", .duration, otherwise: "what the worker says", "Longest time for an answer.")
    static let environment = Key.optional(
        "environment", .environment, default: [], "As `workers.environment`, for this reviewer alone.")
    static let prompt = Key.optional(
        "prompt", Kind<Worker.PromptInput>.choice(), otherwise: "what the worker says, or `none`",
        "How the reviewer is given its prompt.")

    static let kind = Kind<ReviewerDraft>.mapping(
        keys: [name, use, run, instructions, timeout, environment, prompt],
        rules: ["anyOf": [["required": ["use"]], ["required": ["run"]]]]
    ) { fields throws(Fields.Incomplete) in
        if fields.node(of: use) == nil, fields.node(of: run) == nil {
            fields.context.findings.error(
                "this reviewer has neither 'use' nor 'run'", at: fields.place,
                hint: "name a folder below workers/ with 'use', or write the command with 'run'")
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

/// The keys of a reviewer that stands among the `done` checks.
enum DoneReviewerKeys {
    static let reviewer = Key.optional(
        "reviewer", .text("a reviewer's or a worker's name", check: BranchName.partProblem),
        otherwise: "nobody: `run` judges",
        "Who is asked, in place of a command, whether the task's files are done: one of `reviewers` by its name, or a folder below "
            + "`workers/`.")

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

/// Reviewers that all have to approve, or of whom so many have to.
enum ReviewKeys {
    static let needs = Key.optional(
        "needs", .positive, otherwise: "all of them", "Reviewers who have to approve an attempt.")
    static let of = Key.required(
        "of", .list("a list of reviewers", of: ReviewerKeys.kind, mayBeEmpty: false), "Who is asked, in this order.")

    private static let list = Kind<[ReviewerDraft]>.list(
        "a list of reviewers", of: ReviewerKeys.kind, mayBeEmpty: false)
    private static let panel = Kind<ReviewDraft>.mapping(keys: [needs, of]) { fields throws(Fields.Incomplete) in
        let draft = ReviewDraft(reviewers: try fields.value(of), needs: fields.written(needs))
        if let needs = draft.needs, needs > draft.reviewers.count {
            fields.context.findings.error(
                "\(needs) approvals are needed of \(draft.reviewers.count)", at: fields.place(of: Self.needs),
                hint: "name more reviewers, or need fewer")
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

/// Reviewers whose workers have not been looked up.
struct ReviewDraft: Sendable {
    var reviewers: [ReviewerDraft]
    /// nil for all of them.
    var needs: Int?
}

struct ReviewerDraft: Sendable {
    var name: String?
    var instructions: String
    var rung: RungDraft
}
