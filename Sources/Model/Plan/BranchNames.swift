/// Names of the branches that runs make in the target repository, without `refs/heads/`.
package enum BranchNames {
    /// The folder of all branches of tasks.
    package static let tasks = "orchestrate-task"
    /// The folder of integration branches whose plans do not name one.
    package static let integrations = "orchestrate"

    /// The folder of a plan's task branches, with a slash at its end.
    package static func tasks(ofPlan plan: String) -> String { "\(tasks)/\(plan)/" }

    /// The branch of one task.
    package static func task(_ task: TaskID, ofPlan plan: String) -> String { tasks(ofPlan: plan) + task.rawValue }

    /// The folder of the branches that a plan's landed changes are divided into, with a slash at its end.
    package static func requests(ofPlan plan: String) -> String { "orchestrate-pr/\(plan)/" }

    /// References, with their full names, to the work of running attempts of a plan, so that `git gc` keeps its objects.
    package static func held(ofPlan plan: String) -> String { "refs/orchestrate/\(plan)/" }
}
