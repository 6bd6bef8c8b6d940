import Git
import Jobs
import Model
import Verification

/// A run of the guards on an attempt's changes, with the plan's own commands last.
struct GuardRun {
    let context: RunContext
    let attempt: Attempt
    let checks: RunChecks.StageChecks
    let workplace: Workplace

    /// Runs the guards.
    /// - Parameter place: where the plan's own commands run.
    /// - Returns: the failure of the guards; nil if no guard objects.
    func judge(_ change: AttemptRun.Change, in place: CheckRunner.Place) async throws -> Failure? {
        let secrets = context.jobs.environment.environment(
            general: context.plan.workers.environment, own: attempt.worker.environment, place: workplace.jobPlace
        ).secrets
        let (guards, task) = (checks.guards, attempt.task)
        let objection = try await context.git { (git) throws(GitError) in
            try guards.judge(change.files, of: task, secrets: secrets) { (id) throws(GitError) in
                try git.repository.blob(id)
            }
        }
        if let objection { return objection }
        let commands = checks.stage.guards.custom
        guard !commands.isEmpty else { return nil }
        try await writeDiff(to: change.tree)
        return await checks.runner.run(
            commands, diff: workplace.job.diff, changes: change.files.map(\.path), task: task, in: place)
    }

    /// Writes the diff into the job folder.
    private func writeDiff(to tree: ObjectID) async throws {
        let (base, path) = (attempt.base, workplace.job.diff)
        try await context.git { git in
            let patch = try git.repository.patch(from: git.repository.treeOf(base), to: tree)
            try UntrustedFile.create(path, Array(patch.utf8))
        }
    }
}
