import Git
import Jobs
import Model
import Verification

/// Puts the integration branch onto new commits of the base, in memory first, and has the landing checks judge it there.
struct BaseFollower {
    let context: RunContext

    /// Seconds between two looks at the base.
    private static let interval = 2.0

    /// Tells of each new commit of the base until it is cancelled.
    func watch(from known: ObjectID, _ tell: @Sendable (ObjectID) -> Void) async {
        var last = known
        while !Task.isCancelled {
            let context = context
            // A branch that cannot be read now may be there at the next look.
            if let found = try? await blocking({ () throws(GitError) in
                try context.repository.resolve(context.plan.base)
            }), found != last {
                last = found
                tell(found)
            }
            try? await Task.sleep(for: .seconds(Self.interval))
        }
    }

    /// - Returns: `rebased` or `kept`; nil if it was cancelled.
    func follow(_ base: ObjectID, from tip: ObjectID) async -> Fact? {
        do {
            let context = context
            let steps: [Replay.Step]? = try await blocking {
                if try context.repository.isAncestor(base, of: tip) { return nil }
                guard let fork = try context.repository.mergeBase(base, tip) else { return nil }
                return try Replay(repository: context.repository).make(from: fork, to: tip, onto: base)
            }
            guard let steps else { return .base(.kept(refused: base, reason: "there is nothing new on it")) }
            if let failure = try await failure(of: steps) {
                return .base(.kept(refused: base, reason: "on it, \(failure.summary)"))
            }
            let commits = steps.compactMap { step in
                step.old.trailer(CommitMessage.Trailer.task).map {
                    Fact.Landed.Commit(task: TaskID($0), commit: step.commit)
                }
            }
            return .base(
                .rebased(.init(base: base, from: tip, tip: steps.last?.commit ?? base, commits: commits)))
        } catch let conflict as Replay.Conflict {
            let paths = conflict.paths.joined(separator: ", ")
            return .base(
                .kept(refused: base, reason: "it changes the same lines as '\(conflict.commit.subject)': \(paths)"))
        } catch is CancellationError {
            return nil
        } catch {
            return .base(.kept(refused: base, reason: "\(error)"))
        }
    }

    /// What the landing checks say against the branch on its new base: against every commit where the plan promises each.
    private func failure(of steps: [Replay.Step]) async throws -> Failure? {
        let looked = context.plan.landing.everyCommit ? steps : Array(steps.suffix(1))
        return try await withThrowingTaskGroup(of: Failure?.self) { group in
            for step in looked { group.addTask { try await failure(of: step) } }
            for try await failure in group {
                guard let failure else { continue }
                group.cancelAll()
                return failure
            }
            return nil
        }
    }

    private func failure(of step: Replay.Step) async throws -> Failure? {
        guard let id = step.old.trailer(CommitMessage.Trailer.task), let task = context.desk.task(TaskID(id)) else {
            return nil
        }
        let stage = context.stage(of: task)
        let checks = stage.stage.verify.landing
        guard !checks.isEmpty else { return nil }
        let subject = context.subject(candidate: step.commit, tree: step.tree, again: false)
        let known = stage.checks.knownResults(
            checks, task: task.id, of: subject, job: JobPlace(run: context.run, task: task.id, slot: 0))
        if let known { return Failure(kind: .landingCheck, of: known) }
        let logs = try context.logFolder("base-\(step.commit.short)")
        let results = try await context.landingSlots.withSlot { number, slot in
            try Task.checkCancellation()
            _ = try await blocking { () throws(GitError) in try slot.move(to: step.commit) }
            let place = context.place(
                slot, job: JobPlace(run: context.run, task: task.id, slot: number), logs: logs,
                subject: context.subject(candidate: step.commit, tree: step.tree, again: false, in: slot))
            return await stage.checks.run(checks, files: [], task: task.id, in: place)
        }
        try Task.checkCancellation()
        return Failure(kind: .landingCheck, of: results)
    }

    /// Moves the integration branch, and the tasks' branches with it.
    /// - Returns: `followed`, or `tipMoved` if somebody else has added commits to the branch.
    func adopt(_ rebased: Fact.Rebased) async throws -> Fact {
        let context = context
        return try await blocking {
            let branch = context.plan.integration
            if let path = context.repository.checkedOutPath(ofBranch: branch) {
                throw CoordinatorError.integrationCheckedOut(branch: branch, path: path)
            }
            do {
                try context.repository.compareAndSwap(
                    reference: "refs/heads/\(branch)", from: rebased.from, to: rebased.tip,
                    reason: "orchestrate: \(context.run) follows its base")
            } catch GitError.moved(_, _, let actual) {
                guard let actual, try context.repository.isAncestor(rebased.from, of: actual) else {
                    throw CoordinatorError.integrationRewound(branch: branch, expected: rebased.from, found: actual)
                }
                return .tipMoved(found: actual)
            }
            CrashPoint.moved.pass()
            for commit in rebased.commits { try context.moveTaskBranch(commit.task, to: commit.commit) }
            return .base(.followed(rebased))
        }
    }
}
