package import Model

/// Why a run could not be started or had to stop; `description` says what happened and what to do next.
package enum CoordinatorError: Error, Sendable, CustomStringConvertible {
    /// The scope's globs match no file of the base commit.
    case emptyScope(plan: String, base: String)
    case integrationCheckedOut(branch: String, path: String)
    /// The integration branch no longer holds what has landed.
    case integrationRewound(branch: String, expected: ObjectID, found: ObjectID?)
    /// The integration branch and the base have no commit in common.
    case integrationUnrelated(branch: String, base: String)
    case integrationIsBase(branch: String)
    /// The command that lists a stage's tasks did not exit with 0.
    case listFailed(stage: String, command: String, status: Int32, log: String)
    /// It printed something else than a JSON array of tasks.
    case listMalformed(stage: String, path: String, reason: String)
    /// The dependency graph could not be built.
    case graph(String)
    case nothingToResume(plan: String?, hint: String)

    package var description: String {
        switch self {
        case .emptyScope(let plan, let base):
            """
            the scope of plan '\(plan)' matches no file at \(base)
              hint: compare scope.include with the paths that 'git ls-tree -r --name-only \(base)' prints
            """
        case .integrationCheckedOut(let branch, let path):
            """
            the integration branch '\(branch)' is checked out at \(path), and a run never changes a checked-out branch
              hint: switch that checkout to another branch ('git switch --detach' keeps its files), then go on with \
            'orchestrate resume'
            """
        case .integrationRewound(let branch, let expected, let found):
            """
            the integration branch '\(branch)' is at \(found?.short ?? "no commit") and does not hold \
            \(expected.short), the last commit that landed
              hint: put it back with 'git branch -f \(branch) \(expected)', or name another integration branch in the \
            plan to start afresh
            """
        case .integrationUnrelated(let branch, let base):
            """
            the branch '\(branch)' has no commit in common with the base \(base)
              hint: it is not a branch of this plan; set 'integration:' to a name that is free
            """
        case .integrationIsBase(let branch):
            """
            '\(branch)' is both the base and the integration branch of the plan
              hint: leave out 'integration:', and landed tasks are collected on a branch of their own
            """
        case .listFailed(let stage, let command, let status, let log):
            """
            the command that lists the tasks of stage '\(stage)' exited with status \(status): \(command)
              hint: what it said is in \(log)
            """
        case .listMalformed(let stage, let path, let reason):
            """
            what the command of stage '\(stage)' printed is no list of tasks: \(reason)
              hint: it must print a JSON array of {"files": [...], "id", "title", "depends_on", "instructions"}; \
            its output is in \(path)
            """
        case .graph(let reason): reason
        case .nothingToResume(let plan, let hint):
            """
            there is no unfinished run\(plan.map { " of plan '\($0)'" } ?? "") in this repository
              hint: \(hint)
            """
        }
    }
}
