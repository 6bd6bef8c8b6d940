package import Model
import Verification

/// A reason why a run could not start or had to stop. `description` says what happened and what to do next.
package enum CoordinatorError: Error, Sendable, CustomStringConvertible {
    /// The scope's globs match no file of the base commit.
    case emptyScope(plan: String, base: String)
    case integrationCheckedOut(branch: String, path: String)
    /// The integration branch no longer contains the landed commits.
    case integrationRewound(branch: String, expected: ObjectID, found: ObjectID?)
    /// The integration branch and the base have no commit in common.
    case integrationUnrelated(branch: String, base: String)
    case integrationIsBase(branch: String)
    /// The integration branch exists, and no run of the plan made it.
    case integrationIsForeign(branch: String, tip: ObjectID)
    /// Why a run would not work in this repository, each with a hint.
    case cannotStart([String])
    /// The state folder or the home directory is inside the target repository.
    case insideRepository(what: String, path: String, variable: String, repository: String)
    /// The base has moved, and a landed commit changes the same lines.
    case baseConflicts(branch: String, base: String, commit: String, paths: [String])
    /// The base has moved, and the landing checks fail on it together with what has landed.
    case movedBaseRed(branch: String, base: String, failure: String, logs: String)
    /// The command that lists a stage's tasks did not exit with 0.
    case listFailed(stage: String, command: String, status: Int32, log: String)
    /// The command that lists a stage's tasks did not print a JSON array of tasks.
    case listMalformed(stage: String, path: String, reason: String)
    /// A glob of `copy` matches no file of the user's checkout that Git ignores.
    /// - Parameter checkout: nil for a bare repository.
    case nothingToCopy(glob: String, checkout: String?)
    /// The dependency graph could not be built.
    case graph(String)
    /// Checks of `verify.baseline` did not pass.
    /// - Parameter objections: if failures are allowed, why these cannot be; nil if none are allowed.
    case baselineRed(base: ObjectID, red: [CheckResult], objections: [String]?, logs: String)
    /// Landing checks pass although the files in scope were broken for them.
    case blindChecks([BlindCheck], logs: String)
    /// Programs that checks or workers need were not found.
    case missingPrograms([MissingNeed])
    /// A worker's `prompt.md` is invalid.
    case template(worker: String, line: Int, reason: String)
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
              hint: run 'git -C \(path) switch --detach', which keeps the files, and then this command again
            """
        case .integrationRewound(let branch, let expected, let found):
            """
            the integration branch '\(branch)' is at \(found?.short ?? "no commit") and does not contain \
            \(expected.short), the last commit that landed
              hint: restore it with 'git branch -f \(branch) \(expected)', or set another integration branch in the \
              plan to start again
            """
        case .integrationUnrelated(let branch, let base):
            """
            the branch '\(branch)' has no commit in common with the base \(base)
              hint: it is not a branch of this plan; set 'integration:' to an unused name
            """
        case .integrationIsBase(let branch):
            """
            '\(branch)' is both the base and the integration branch of the plan
              hint: remove 'integration:' from the plan; the default is a separate branch
            """
        case .integrationIsForeign(let branch, let tip):
            """
            the branch '\(branch)' exists already (at \(tip.short)), and no run of this plan made it
              hint: choose a name that is free. To land on top of its commits, write 'integration: {branch: \(branch), \
            extend: true}'
            """
        case .cannotStart(let problems): problems.joined(separator: "\nerror: ")
        case .insideRepository(let what, let path, let variable, let repository):
            """
            \(what) \(path) is inside the repository \(repository)
              hint: set \(variable) to a folder outside of it
            """
        case .baseConflicts(let branch, let base, let commit, let paths):
            """
            '\(base)' has moved and changes the same lines as the landed commit '\(commit)': \(paths.joined(separator: ", "))
              hint: merge '\(branch)' into '\(base)' by hand ('git merge \(branch)'), then type the command again
            """
        case .movedBaseRed(let branch, let base, let failure, let logs):
            """
            '\(base)' has moved, and on it, together with what has landed, \(failure)
              hint: '\(branch)' was left alone; mend '\(base)', or merge '\(branch)' into it by hand, and type the command \
            again; the full output is in \(logs)
            """
        case .listFailed(let stage, let command, let status, let log):
            """
            the command that lists the tasks of stage '\(stage)' exited with status \(status): \(command)
              hint: its error output is in \(log)
            """
        case .listMalformed(let stage, let path, let reason):
            """
            the command of stage '\(stage)' did not print a list of tasks: \(reason)
              hint: it must print a JSON array of {"files": [...], "id", "title", "depends_on", "instructions"}; \
            its output is in \(path)
            """
        case .nothingToCopy(let glob, let checkout?):
            """
            'copy' names '\(glob)', and \(checkout) has no such file that Git ignores
              hint: compare it with what 'git -C \(checkout) ls-files --others --ignored --exclude-standard' prints
            """
        case .nothingToCopy(let glob, nil):
            """
            'copy' names '\(glob)', but the repository is bare and has no checkout to copy from
              hint: remove 'copy' from the plan, or name a repository with a checkout
            """
        case .graph(let reason): reason
        case .baselineRed(let base, let red, let objections, let logs):
            Self.words(base, red, objections, logs)
        case .blindChecks(let checks, let logs): checks.refusal(logs: logs)
        case .missingPrograms(let needs): needs.refusal
        case .template(let worker, let line, let reason):
            """
            prompt.md of worker '\(worker)', line \(line): \(reason)
              hint: write '{{part}}' alone on a line for a part, or '{{part: 500}}' for at most 500 tokens of it
            """
        case .nothingToResume(let plan, let hint):
            """
            there is no unfinished run\(plan.map { " of plan '\($0)'" } ?? "") in this repository
              hint: \(hint)
            """
        }
    }

    /// Maximum number of failing tests that are listed for each check.
    private static let listed = 20

    private static func words(
        _ base: ObjectID, _ red: [CheckResult], _ objections: [String]?, _ logs: String
    ) -> String {
        var lines = ["checks fail on the base \(base.short); nothing was started"]
        for check in red {
            if let cause = FailureCause(in: check.digest), let place = cause.place {
                lines.append("  \(place) \(cause.message)")
            }
            lines.append("  check '\(check.name)' (\(check.outcome.rawValue)): \(check.command)")
            lines += check.failedTests.prefix(listed).map { "    \($0)" }
            if check.failedTests.count > listed { lines.append("    and \(check.failedTests.count - listed) more") }
            if check.failedTests.isEmpty {
                lines += check.digest.split(separator: "\n").prefix(listed).map { "    \($0)" }
            }
        }
        if let objections {
            lines += objections.map { "  known failures cannot be told from new ones: \($0)" }
            lines.append(
                "  hint: make the check name all failing tests, or fix the base; the logs are in \(logs)")
        } else {
            lines.append(
                "  hint: fix the base, or set verify.allow_baseline_failures to count only new test failures; "
                    + "the logs are in \(logs)")
        }
        return lines.joined(separator: "\n")
    }
}
