import Git
import Jobs
import Model
import Verification

/// Has the guards judge what an attempt changed.
struct GuardRun {
    let context: WorkContext
    let attempt: Attempt
    let checks: RunChecks.StageChecks
    let workplace: Workplace

    /// Asks the built-in guards, which read the diff alone.
    ///
    /// - Returns: nil if no guard objects.
    func judge(_ change: AttemptRun.Change) async throws -> Failure? {
        let secrets = context.jobs.environment.environment(
            general: context.plan.workers.environment, own: attempt.worker.environment, place: workplace.jobPlace
        ).secrets
        let (guards, task) = (checks.guards, attempt.task)
        return try await context.git { (git) throws(GitError) in
            try guards.judge(change.files, of: task, secrets: secrets) { (id) throws(GitError) in
                try git.repository.blob(id)
            }
        }
    }

    /// Runs the plan's own guards.
    ///
    /// - Parameter place: a checkout of the changed tree.
    /// - Returns: nil if no guard objects.
    func runCommands(_ change: AttemptRun.Change, in place: CheckRunner.Place) async throws -> Failure? {
        let commands = checks.stage.guards.custom
        try await writeDiff(to: change.tree)
        return await checks.runner.run(
            commands, diff: workplace.job.diff, changes: change.files.map(\.path), task: attempt.task, in: place)
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
