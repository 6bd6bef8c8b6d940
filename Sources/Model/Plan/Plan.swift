/// What a person asks for: one migration of one repository.
///
/// Values are complete: defaults are filled in, workers are resolved and paths are absolute, so that a stored plan
/// means the same when it is read back by `resume`.
package struct Plan: Codable, Sendable, Equatable {
    /// A short name, usable inside a branch name.
    package var name: String
    /// What to do, in the words of the person who asks.
    package var goal: String
    /// Absolute path of the target repository.
    package var repository: String
    /// Branch, tag or commit that the migration starts from.
    package var base: String
    package var baseRules: BaseRules
    /// Branch on which landed tasks are collected, without `refs/heads/`.
    package var integration: String
    package var scope: Scope
    package var decompose: DecomposeRules
    package var workers: WorkerRules
    package var context: ContextRules
    package var verify: VerifyRules
    package var guards: GuardRules
    package var landing: LandingRules
    package var budget: Budget
    package var checkpoints: [Checkpoint]
    /// Dependencies that no scanner can see, or that are not to count.
    package var depends: [DependsRule]
    /// What is done one after the other: a task starts once every task of the stages before it is green. A plan that
    /// names no stages has one, with the rules above.
    package var stages: [Stage]
    package var sandbox: SandboxRules
    /// nil where nobody looks at the work but the checks.
    package var review: ReviewRules?
    /// nil where a run does no more than the tasks that the plan was cut into.
    package var derive: DeriveRules?

    package init(
        name: String, goal: String, repository: String, base: String = "HEAD", baseRules: BaseRules = BaseRules(),
        integration: String? = nil,
        scope: Scope = Scope(), decompose: DecomposeRules = DecomposeRules(), workers: WorkerRules,
        context: ContextRules = ContextRules(), verify: VerifyRules = VerifyRules(),
        guards: GuardRules = GuardRules(), landing: LandingRules = LandingRules(), budget: Budget = Budget(),
        checkpoints: [Checkpoint] = [], depends: [DependsRule] = [], stages: [Stage]? = nil,
        sandbox: SandboxRules = SandboxRules(), review: ReviewRules? = nil, derive: DeriveRules? = nil
    ) {
        self.derive = derive
        self.name = name
        self.goal = goal
        self.repository = repository
        self.base = base
        self.baseRules = baseRules
        self.integration = integration ?? "\(BranchNames.integrations)/\(name)"
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
                    guards: guards)
            ]
    }

    /// The files a migration is about.
    package struct Scope: Codable, Sendable, Equatable {
        /// Globs over paths from the repository's root; a file is in scope if one of them matches.
        package var include: [String]
        /// Globs that take files out again.
        package var exclude: [String]

        package init(include: [String] = ["**"], exclude: [String] = []) {
            self.include = include
            self.exclude = exclude
        }
    }
}

/// How the scope is cut into tasks.
package struct DecomposeRules: Codable, Sendable, Equatable {
    package enum Strategy: String, Codable, Sendable, CaseIterable {
        case dependencyTree = "dependency-tree"
        /// In a plan; loaded, it is three stages.
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
    /// Most files in a task that is no cycle.
    package var maxFiles: Int
    package var cycles: Cycles
    /// Most files in a task that is a cycle; a larger cycle is cut.
    package var maxCycle: Int
    /// Most lines in a task, over all its files; nil for no limit.
    package var maxLines: Int?
    /// Most tokens in a task's files, estimated from their size; nil for no limit.
    package var maxTokens: Int?

    /// The size of a task where the unit is more than a file and the plan does not say.
    package static let defaultMaxGroup = 25
    /// The size up to which a cycle is one task where a plan with `max_files: 1` does not say.
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

/// Tasks that a run adds for files which use what a landing took away.
package struct DeriveRules: Codable, Sendable, Equatable {
    /// Most tasks that one run may add.
    package var maxTasks: Int

    package static let defaultMaxTasks = 50

    package init(maxTasks: Int = DeriveRules.defaultMaxTasks) { self.maxTasks = maxTasks }
}

/// What a prompt may carry of other tasks' experience.
package struct ContextRules: Codable, Sendable, Equatable {
    package enum Share: String, Codable, Sendable, CaseIterable {
        case none
        case file
        case messages
        case everything
    }

    package var share: Share
    package var budgetTokens: Int

    package init(share: Share = .none, budgetTokens: Int = 2000) {
        self.share = share
        self.budgetTokens = budgetTokens
    }
}
