import Git
import Jobs
import Model
import Verification

/// Has the guards judge what an attempt changed, the plan's own commands last.
struct GuardRun {
    let context: RunContext
    let stage: RunContext.StageContext
    let task: MigrationTask
    let job: JobFolder
    let place: CheckRunner.Place

    /// - Parameters:
    ///   - base: the commit that the attempt started from.
    ///   - tree: what it left, without what is thrown away.
    /// - Returns: nil if no guard objects.
    func judge(
        _ changes: [FileChange], from base: ObjectID, to tree: ObjectID, by worker: Worker
    ) async throws -> Failure? {
        let secrets = context.environment.environment(
            allowed: context.plan.workers.environment(of: worker), place: place.job
        ).secrets
        let (repository, guards, task) = (context.repository, stage.guards, task)
        let objection = try await blocking { () throws(GitError) in
            try guards.judge(changes, of: task, secrets: secrets) { (id) throws(GitError) in try repository.blob(id) }
        }
        if let objection { return objection }
        let commands = stage.stage.guards.custom
        guard !commands.isEmpty else { return nil }
        try await writeDiff(from: base, to: tree)
        return await stage.checks.run(commands, diff: job.diff, changes: changes.map(\.path), task: task, in: place)
    }

    /// Puts the patch into the job folder.
    func writeDiff(from base: ObjectID, to tree: ObjectID) async throws {
        let repository = context.repository
        let patch = try await blocking { () throws(GitError) in
            try repository.patch(from: repository.treeOf(base), to: tree)
        }
        try UntrustedFile.create(job.diff, Array(patch.utf8))
    }
}
