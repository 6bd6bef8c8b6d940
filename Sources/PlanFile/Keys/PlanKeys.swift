import Model

/// The keys of a plan.
enum PlanKeys {
    static let version = Key.required("version", .exactly(1), "The version of this format.")
    static let name = Key.required(
        "name", .text("a name", check: BranchName.partProblem),
        "A short name for the migration, which becomes part of branch names.")
    static let goal = Key.required("goal", .text("a text"), "What to do, in your words; prompts and commits carry it.")
    static let repository = Key.optional(
        "repository", .text("a folder"), otherwise: "required, unless `--repo` names one",
        "The target repository, relative to the plan's folder.")
    static let base = Key.optional(
        "base", BaseKeys.kind, default: "HEAD",
        "Branch, tag or commit that the migration starts from; as a mapping with what is done when it moves.")
    static let integration = Key.optional(
        "integration", .text("a branch name", check: integrationProblem), otherwise: "`orchestrate/<name>`",
        "The branch that collects what has landed; made by the run.")
    static let scope = Key.optional("scope", ScopeKeys.kind, default: [:], "The files that the migration is about.")
    static let decompose = Key.optional(
        "decompose", DecomposeKeys.kind, default: [:], "How the scope is cut into tasks.")
    static let workers = Key.optional(
        "workers", WorkersKeys.kind, otherwise: "required, unless every stage has its own ladder",
        "Who does the work.")
    static let context = Key.optional(
        "context", ContextKeys.kind, default: [:], "What a prompt carries of other tasks' experience.")
    static let derive = Key.optional(
        "derive", DeriveKeys.kind, otherwise: "no task is added",
        "Whether a landing that removes or renames a name adds tasks for files outside the plan's that use it.")
    static let verify = Key.optional(
        "verify", VerifyKeys.kind, default: [:], "The commands that decide whether work is good.")
    static let guards = Key.optional("guards", GuardKeys.kind, default: [:], "Rules on the diff of an attempt.")
    static let landing = Key.optional(
        "landing", LandingKeys.kind, default: [:], "How verified tasks get onto the integration branch.")
    static let budget = Key.optional("budget", BudgetKeys.kind, default: [:], "Caps that stop the run.")
    static let checkpoints = Key.optional(
        "checkpoints", .list("a list of checkpoints", of: CheckpointKeys.kind), default: [],
        "Points at which the run waits for a person.")

    static let depends = Key.optional(
        "depends", .list("a list of dependencies", of: DependsKeys.kind), default: [],
        "Dependencies that no import shows, and such as are not to count; later ones change what earlier ones made.")
    static let stages = Key.optional(
        "stages", .list("a list of stages", of: StageKeys.kind, mayBeEmpty: false),
        otherwise: "one, with the rules of the plan",
        "Parts of the work, one after the other, with rules of their own; what a stage does not say is as in the plan.")

    static let reviewers = Key.optional(
        "reviewers", ReviewKeys.kind, otherwise: "nobody",
        "Who looks at work that has passed its checks before it may land; each answers in a job of its own.")
    static let sandbox = Key.optional(
        "sandbox", SandboxKeys.kind, default: "on", "How workers and checks are kept inside their slot.")

    static let kind = Kind<PlanDraft>.mapping(
        keys: [
            version, name, goal, repository, base, integration, scope, depends, decompose, workers, context, derive,
            verify, guards, reviewers, landing, stages, budget, checkpoints, sandbox,
        ], hasExtensions: true
    ) { fields throws(Fields.Incomplete) in
        if fields.node(of: stages) == nil { requireLadder(in: fields) }
        return PlanDraft(
            name: fields.written(name), goal: fields.written(goal), repository: fields.written(repository),
            integration: fields.written(integration), base: try fields.value(base),
            rules: RulesDraft(
                scope: fields.written(scope), decompose: fields.written(decompose),
                ladder: fields.node(of: workers) == nil
                    ? nil : (fields.written(workers) ?? WorkersDraft(ladder: [])).ladder,
                verify: fields.written(verify), guards: fields.written(guards)),
            workers: fields.written(workers) ?? WorkersDraft(),
            depends: try fields.value(depends),
            stages: fields.node(of: stages) == nil ? nil : fields.written(stages) ?? [],
            context: try fields.value(context), derive: fields.written(derive) ?? nil,
            landing: try fields.value(landing), budget: try fields.value(budget),
            checkpoints: try fields.value(checkpoints), sandbox: try fields.value(sandbox),
            review: fields.written(reviewers),
            namesRepository: fields.node(of: repository) != nil,
            places: PlanDraft.Places(
                plan: fields.place, repository: fields.place(of: repository), base: fields.place(of: base),
                stages: fields.place(of: stages)))
    }

    private static func requireLadder(in fields: Fields) {
        if fields.node(of: workers) == nil {
            fields.context.findings.error(
                "missing key 'workers'", at: fields.place, hint: "it says: \(workers.meaning)")
        } else if let draft = fields.written(workers), draft.ladder == nil {
            fields.context.findings.error(
                "missing key 'workers.ladder'", at: draft.place, hint: "it says: \(WorkersKeys.ladder.meaning)")
        }
    }

    @Sendable static func revisionProblem(_ text: String) -> TextProblem? {
        if text.hasPrefix("-") { return TextProblem(message: "a revision cannot start with '-'") }
        let bad = text.unicodeScalars.firstIndex { $0.value <= 0x20 || $0.value == 0x7F }
        return bad.map {
            TextProblem(
                offset: text.unicodeScalars.distance(from: text.startIndex, to: $0),
                message: "a revision holds no blanks and no control characters")
        }
    }

    @Sendable private static func integrationProblem(_ text: String) -> TextProblem? {
        if text.hasPrefix("refs/") {
            return TextProblem(message: "expected the branch alone", hint: "leave out 'refs/heads/'")
        }
        if text == BranchNames.tasks || text.hasPrefix("\(BranchNames.tasks)/") {
            return TextProblem(
                message: "branches below '\(BranchNames.tasks)' belong to the tasks", hint: "take another name")
        }
        return BranchName.problem(with: text)
    }
}

/// A plan whose folder and workers have not been looked up.
struct PlanDraft: Sendable {
    /// As written; nil also if it could not be read, which has been reported.
    var name: String?
    var goal: String?
    var repository: String?
    var integration: String?
    var base: BaseDraft
    var rules: RulesDraft
    var workers: WorkersDraft
    var depends: [DependsRule]
    /// nil if the plan has none.
    var stages: [StageDraft]?
    var context: ContextRules
    var derive: DeriveRules?
    var landing: LandingRules
    var budget: Budget
    var checkpoints: [Checkpoint]
    var sandbox: SandboxRules
    /// nil if there is none.
    var review: ReviewDraft?
    var namesRepository: Bool
    var places: Places

    /// Where the values stand that are judged once everything is read; the plan's place for one that is missing.
    struct Places: Sendable {
        var plan: Place
        var repository: Place
        var base: Place
        var stages: Place
    }
}
