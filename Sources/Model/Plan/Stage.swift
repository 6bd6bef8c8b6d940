/// A part of a plan with its own rules. It starts once the parts before it are done.
package struct Stage: Codable, Sendable, Equatable {
    package var name: String
    package var scope: Plan.Scope
    package var decompose: DecomposeRules
    package var ladder: [Rung]
    package var verify: VerifyRules
    package var guards: GuardRules
    package var setup: SetupRules

    /// The name of the single stage of a plan without stages.
    package static let onlyName = "all"

    package init(
        name: String, scope: Plan.Scope, decompose: DecomposeRules, ladder: [Rung], verify: VerifyRules,
        guards: GuardRules, setup: SetupRules = SetupRules()
    ) {
        self.name = name
        self.scope = scope
        self.decompose = decompose
        self.ladder = ladder
        self.verify = verify
        self.guards = guards
        self.setup = setup
    }
}

/// The source of the tasks of strategy `list`.
package enum TaskSource: Codable, Sendable, Equatable {
    /// Written out in the plan.
    case written([ListedTask])
    /// A shell command, run in a checkout of the base, that prints a JSON array of tasks of the same shape.
    case command(String)
}

/// One task of a list.
package struct ListedTask: Codable, Sendable, Equatable {
    /// nil for a name derived from the files.
    package var id: String?
    package var title: String?
    /// Paths or globs over the files of the base commit. A path may name a file that the task creates.
    package var files: [String]
    /// Names of other tasks of the list.
    package var dependsOn: [String]
    /// What to do, in addition to the plan's goal.
    package var instructions: String?
    /// Like `WorkerRules.approve`, for this task only.
    package var approve: Approval?

    package init(
        id: String? = nil, title: String? = nil, files: [String], dependsOn: [String] = [],
        instructions: String? = nil, approve: Approval? = nil
    ) {
        self.id = id
        self.title = title
        self.files = files
        self.dependsOn = dependsOn
        self.instructions = instructions
        self.approve = approve
    }

    enum CodingKeys: String, CodingKey {
        case id, title, files, instructions, approve
        case dependsOn = "depends_on"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decodeIfPresent(String.self, forKey: .id)
        title = try container.decodeIfPresent(String.self, forKey: .title)
        files = try container.decode([String].self, forKey: .files)
        dependsOn = try container.decodeIfPresent([String].self, forKey: .dependsOn) ?? []
        instructions = try container.decodeIfPresent(String.self, forKey: .instructions)
        approve = try container.decodeIfPresent(Approval.self, forKey: .approve)
    }
}

/// A rule that adds dependencies to the graph or removes them.
package struct DependsRule: Codable, Sendable, Equatable {
    /// Glob of the dependent files.
    package var from: String
    /// Glob of the files they depend on.
    package var to: String
    /// Whether to remove the dependencies instead of adding them.
    package var remove: Bool

    package init(from: String, to: String, remove: Bool = false) {
        self.from = from
        self.to = to
        self.remove = remove
    }
}
