import Model

/// The keys of a plan.
enum PlanKeys {
    static let version = Key.required("version", .exactly(1), meaning: "Version of this format.")
    static let name = Key.required(
        "name", .text("a name", check: BranchName.partProblem),
        meaning: "Short name of the migration. It becomes part of branch names.")
    static let goal = Key.required(
        "goal", .text("a text"), meaning: "What to do, in your words. Prompts include it.")
    static let repository = Key.optional(
        "repository", .text("a folder"), otherwise: "required, unless `--repo` names one",
        meaning: "Target repository, relative to the plan's folder.")
    static let base = Key.optional(
        "base", BaseKeys.kind, default: "HEAD",
        meaning:
            "Branch, tag or commit that the migration starts from. As a mapping it also says how to handle new commits."
    )
    static let integration = Key.optional(
        "integration", IntegrationKeys.kind, otherwise: "`orchestrate/<name>`",
        meaning: "Branch that collects landed tasks. The run creates it. As a mapping it may name a branch that exists."
    )
    static let scope = Key.optional("scope", ScopeKeys.kind, default: [:], meaning: "Files of the migration.")
    static let decompose = Key.optional(
        "decompose", DecomposeKeys.kind, default: [:], meaning: "How the files in scope are cut into tasks.")
    static let workers = Key.optional(
        "workers", WorkersKeys.kind, otherwise: "required, unless every stage has its own ladder",
        meaning: "Workers that do the tasks.")
    static let context = Key.optional(
        "context", ContextKeys.kind, default: [:], meaning: "What a prompt includes of other tasks' experience.")
    static let playbook = Key.optional(
        "playbook", .text("a file"), otherwise: "none",
        meaning: "Markdown file with advice for workers, relative to the plan's folder. Every prompt includes it.")
    static let examples = Key.optional(
        "examples", .list("a list of examples", of: ExampleKeys.kind), default: [],
        meaning: "Changes to imitate. Every prompt includes them.")
    static let derive = Key.optional(
        "derive", DeriveKeys.kind, otherwise: "no task is added",
        meaning: "Add tasks for files outside the plan's tasks that use a name which a landing removed or renamed.")
    static let verify = Key.optional(
        "verify", VerifyKeys.kind, default: [:], meaning: "Commands that decide whether work is good.")
    static let guards = Key.optional(
        "guards", GuardKeys.kind, default: [:], meaning: "Rules on the diff of an attempt.")
    static let landing = Key.optional(
        "landing", LandingKeys.kind, default: [:], meaning: "How verified tasks reach the integration branch.")
    static let budget = Key.optional("budget", BudgetKeys.kind, default: [:], meaning: "Limits that stop the run.")
    static let checkpoints = Key.optional(
        "checkpoints", .list("a list of checkpoints", of: CheckpointKeys.kind), default: [],
        meaning: "Points where the run waits for a person.")

    static let notify = Key.optional(
        "notify", NotifyKeys.kind, otherwise: "nobody is told",
        meaning: "Where to tell that the run needs a person, is paused, has used most of its budget, or has finished.")

    static let depends = Key.optional(
        "depends", .list("a list of dependencies", of: DependsKeys.kind), default: [],
        meaning: "Extra dependencies, or ones to ignore. Later entries override earlier ones.")
    static let stages = Key.optional(
        "stages", .list("a list of stages", of: StageKeys.kind, mayBeEmpty: false),
        otherwise: "one stage with the plan's rules",
        meaning: "Parts of the work, done one after the other. Each may override the plan's rules.")

    static let reviewers = Key.optional(
        "reviewers", ReviewKeys.kind, otherwise: "none",
        meaning: "Reviewers of work that has passed its checks. Each runs in a separate job.")
    static let sandbox = Key.optional(
        "sandbox", SandboxKeys.kind, default: "on", meaning: "How workers and checks are isolated.")

    static let setup = Key.optional(
        "setup", SetupKeys.steps, default: [],
        meaning: "Steps that prepare a slot, such as the installation of dependencies. Git must ignore what they make.")
    static let copy = Key.optional(
        "copy", .list("a list of globs", of: .glob), default: [],
        meaning:
            "Globs of files of your checkout that Git ignores, such as `.env`. Slots get a copy, made when the run starts."
    )

    static let commit = Key.optional(
        "commit", CommitKeys.kind, otherwise: "the standard form",
        meaning: "The form of commits: message, author and signature. `plan check` shows an example.")

    static let executor = Key.optional(
        "executor", ExecutorKeys.name, otherwise: "the slots of this machine",
        meaning:
            "Where attempts run: an executor of your `executors.yaml`, or `here` for the slots of this machine. A step of "
            + "the ladder may name another.")
    static let resources = Key.optional(
        "resources", ExecutorKeys.resources, otherwise: "those of the executor",
        meaning: "What an attempt needs of the machines of its executor.")

    static let kind = Kind<PlanDraft>.mapping(
        keys: [
            version, name, goal, repository, base, integration, scope, depends, decompose, setup, copy, executor,
            resources,
            workers,
            context, playbook, examples,
            derive, verify, guards, reviewers, landing, commit, stages, budget, checkpoints, notify, sandbox,
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
                verify: fields.written(verify), guards: fields.written(guards), setup: fields.written(setup)),
            copy: try fields.value(copy), workers: fields.written(workers) ?? WorkersDraft(),
            depends: try fields.value(depends),
            stages: fields.node(of: stages) == nil ? nil : fields.written(stages) ?? [],
            context: try fields.value(context), derive: fields.written(derive) ?? nil,
            playbook: fields.written(playbook), examples: try fields.value(examples),
            landing: try fields.value(landing), budget: try fields.value(budget),
            checkpoints: try fields.value(checkpoints), sandbox: try fields.value(sandbox),
            review: fields.written(reviewers), notify: fields.written(notify), commit: fields.written(commit),
            executor: fields.written(executor), resources: fields.written(resources),
            namesRepository: fields.node(of: repository) != nil,
            places: PlanDraft.Places(
                plan: fields.place, repository: fields.place(of: repository), base: fields.place(of: base),
                integration: fields.place(of: integration), depends: fields.place(of: depends),
                stages: fields.place(of: stages), playbook: fields.place(of: playbook)))
    }

    private static func requireLadder(in fields: Fields) {
        if fields.node(of: workers) == nil {
            fields.context.findings.error(
                "missing key 'workers'", at: fields.place, hint: workers.meaning)
        } else if let draft = fields.written(workers), draft.ladder == nil {
            fields.context.findings.error(
                "missing key 'workers.ladder'", at: draft.place, hint: WorkersKeys.ladder.meaning)
        }
    }

    @Sendable static func revisionProblem(_ text: String) -> TextProblem? {
        if text.hasPrefix("-") { return TextProblem(message: "a revision cannot start with '-'") }
        let bad = text.unicodeScalars.firstIndex { $0.value <= 0x20 || $0.value == 0x7F }
        return bad.map {
            TextProblem(
                offset: text.unicodeScalars.distance(from: text.startIndex, to: $0),
                message: "a revision cannot contain spaces or control characters")
        }
    }
}

/// A plan, before its repository and workers are looked up.
struct PlanDraft: Sendable {
    /// nil also if the value could not be read, which has been reported.
    var name: String?
    var goal: String?
    var repository: String?
    /// nil also without the key.
    var integration: IntegrationDraft?
    var base: BaseDraft
    var rules: RulesDraft
    var copy: [String]
    var workers: WorkersDraft
    var depends: [DependsRule]
    /// nil without the key.
    var stages: [StageDraft]?
    var context: ContextRules
    var derive: DeriveRules?
    /// Path of the playbook; nil without the key.
    var playbook: String?
    var examples: [Example]
    var landing: LandingRules
    var budget: Budget
    var checkpoints: [Checkpoint]
    var sandbox: SandboxRules
    /// nil without reviewers.
    var review: ReviewDraft?
    /// nil without the key.
    var notify: NotifyRules?
    var commit: CommitForm?
    /// nil without the key.
    var executor: String?
    var resources: JobResources?
    var namesRepository: Bool
    var places: Places

    /// Places of the values that are checked after reading. A missing value has the place of the plan.
    struct Places: Sendable {
        var plan: Place
        var repository: Place
        var base: Place
        var integration: Place
        var depends: Place
        var stages: Place
        var playbook: Place
    }
}
