/// A migration of one repository.
///
/// A plan is complete: defaults are filled in, workers are looked up and paths are absolute, so that a stored plan
/// means
/// the same when `resume` reads it.
package struct Plan: Codable, Sendable, Equatable {
    /// A short name, usable inside a branch name.
    package var name: String
    /// What to do, in the user's words.
    package var goal: String
    /// Absolute path of the target repository.
    package var repository: String
    /// Branch, tag or commit that the migration starts from.
    package var base: String
    package var baseRules: BaseRules
    /// Branch that collects landed tasks, without `refs/heads/`.
    package var integration: String
    package var integrationRules: IntegrationRules
    package var scope: Scope
    package var decompose: DecomposeRules
    package var workers: WorkerRules
    package var context: ContextRules
    package var verify: VerifyRules
    package var guards: GuardRules
    package var landing: LandingRules
    package var budget: Budget
    package var checkpoints: [Checkpoint]
    /// Extra dependencies, or ones to ignore. Later rules override earlier ones.
    package var depends: [DependsRule]
    /// Parts of the work, in order. A task starts once every task of the earlier stages is done. A plan without stages
    /// has
    /// a single one with the rules above.
    package var stages: [Stage]
    package var sandbox: SandboxRules
    /// What a slot gets beside the files of its commit. A stage may have steps of its own.
    package var setup: SetupRules
    /// nil without reviewers.
    package var review: ReviewRules?
    /// nil if landings add no tasks.
    package var derive: DeriveRules?
    /// Advice for workers, in Markdown; nil for none.
    package var playbook: String?
    /// Changes to imitate; nil for none.
    package var examples: [Example]?
    /// nil where nobody is told about the run.
    package var notify: NotifyRules?
    /// nil for the standard form.
    package var commit: CommitForm?

    package init(
        name: String, goal: String, repository: String, base: String = "HEAD", baseRules: BaseRules = BaseRules(),
        integration: String? = nil, integrationRules: IntegrationRules = IntegrationRules(),
        scope: Scope = Scope(), decompose: DecomposeRules = DecomposeRules(), workers: WorkerRules,
        context: ContextRules = ContextRules(), verify: VerifyRules = VerifyRules(),
        guards: GuardRules = GuardRules(), landing: LandingRules = LandingRules(), budget: Budget = Budget(),
        checkpoints: [Checkpoint] = [], depends: [DependsRule] = [], stages: [Stage]? = nil,
        sandbox: SandboxRules = SandboxRules(), review: ReviewRules? = nil, derive: DeriveRules? = nil,
        playbook: String? = nil, examples: [Example]? = nil, setup: SetupRules = SetupRules(),
        notify: NotifyRules? = nil, commit: CommitForm? = nil
    ) {
        self.notify = notify
        self.commit = commit
        self.playbook = playbook
        self.examples = examples
        self.derive = derive
        self.setup = setup
        self.name = name
        self.goal = goal
        self.repository = repository
        self.base = base
        self.baseRules = baseRules
        self.integration = integration ?? "\(BranchNames.integrations)/\(name)"
        self.integrationRules = integrationRules
        self.scope = scope
        self.decompose = decompose
        self.workers = workers
        self.context = context
        self.verify = verify
        self.guards = guards
        self.landing = landing
        self.budget = budget
        self.checkpoints = checkpoints
        self.depends = depends
        self.sandbox = sandbox
        self.review = review
        self.stages =
            stages ?? [
                Stage(
                    name: Stage.onlyName, scope: scope, decompose: decompose, ladder: workers.ladder, verify: verify,
                    guards: guards, setup: setup)
            ]
    }

    /// The files of a migration.
    package struct Scope: Codable, Sendable, Equatable {
        /// Globs over paths from the repository's root. A file is in scope if one of them matches. Symbolic links
        /// and submodules never are.
        package var include: [String]
        /// Globs of files to leave out.
        package var exclude: [String]
        /// Whether only source code is in scope, because the plan names no files; nil for no. Lists name their files.
        package var sourcesOnly: Bool?

        package init(include: [String] = ["**"], exclude: [String] = [], sourcesOnly: Bool? = nil) {
            self.sourcesOnly = sourcesOnly
            self.include = include
            self.exclude = exclude
        }

        /// Whether a file is left out only because it is no source code that a person writes.
        package func leavesOut(_ file: RepositoryGraph.File) -> Bool {
            guard sourcesOnly == true else { return false }
            // JSON has a language for its links to code.
            let isSource = file.language != nil && file.language != "json"
            return !isSource || !file.traits.isDisjoint(with: [.generated, .vendored, .binary])
        }
    }
}

/// How the files in scope are cut into tasks.
package struct DecomposeRules: Codable, Sendable, Equatable {
    package enum Strategy: String, Codable, Sendable, CaseIterable {
        case dependencyTree = "dependency-tree"
        /// Only in a plan file. A loaded plan has three stages instead.
        case scaffold
        case list
    }

    package enum Unit: String, Codable, Sendable, CaseIterable {
        case file
        case directory
        case package
        case cluster
    }

    package enum Cycles: String, Codable, Sendable, CaseIterable {
        case together
        case split
    }

    package var strategy: Strategy
    /// The tasks of strategy `list`.
    package var list: TaskSource?
    package var unit: Unit
    /// Maximum files in a task that is not a cycle.
    package var maxFiles: Int
    package var cycles: Cycles
    /// Maximum files in a task that is a cycle. A larger cycle is split.
    package var maxCycle: Int
    /// Maximum lines in all files of a task; nil for no limit.
    package var maxLines: Int?
    /// Maximum tokens in a task's files, estimated from their size; nil for no limit.
    package var maxTokens: Int?

    /// The default of `maxFiles` if the unit is larger than a file.
    package static let defaultMaxGroup = 25
    /// The default of `maxCycle` with `max_files: 1`.
    package static let defaultMaxCycle = 25

    package init(
        strategy: Strategy = .dependencyTree, unit: Unit = .file, maxFiles: Int? = nil, cycles: Cycles = .together,
        maxCycle: Int? = nil, maxLines: Int? = nil, maxTokens: Int? = nil, list: TaskSource? = nil
    ) {
        self.strategy = strategy
        self.list = list
        self.maxTokens = maxTokens
        self.unit = unit
        self.maxFiles = maxFiles ?? (unit == .file ? 1 : Self.defaultMaxGroup)
        self.cycles = cycles
        self.maxCycle = maxCycle ?? maxFiles.flatMap { $0 > 1 ? $0 : nil } ?? Self.defaultMaxCycle
        self.maxLines = maxLines
    }
}

/// Rules for tasks that a run adds for files that use names removed by a landing.
package struct DeriveRules: Codable, Sendable, Equatable {
    /// Maximum tasks that one run may add.
    package var maxTasks: Int

    package static let defaultMaxTasks = 50

    package init(maxTasks: Int = DeriveRules.defaultMaxTasks) { self.maxTasks = maxTasks }
}

/// A piece of a file before and after its migration.
package struct Example: Codable, Sendable, Equatable {
    package var before: String
    package var after: String
    /// What it shows.
    package var note: String?

    package init(before: String, after: String, note: String? = nil) {
        self.before = before
        self.after = after
        self.note = note
    }
}

/// What prompts include of other tasks' experience.
package struct ContextRules: Codable, Sendable, Equatable {
    package enum Share: String, Codable, Sendable, CaseIterable {
        case none
        case file
        case messages
        case everything
    }

    package var share: Share
    package var budgetTokens: Int
    /// Landed tasks whose diffs a prompt shows; nil for the default.
    package var landedExamples: Int?

    package static let defaultLandedExamples = 2

    package init(share: Share = .none, budgetTokens: Int = 2000, landedExamples: Int? = nil) {
        self.landedExamples = landedExamples
        self.share = share
        self.budgetTokens = budgetTokens
    }
}
