import Git
import Jobs
import Model
import Verification

extension AttemptRun {
    /// Captures the worker's changes and runs the guards on them.
    func judge(in workplace: Workplace) async throws -> Change {
        enter(.judging)
        let capture = try await record(workplace.slot)
        let change = try await change(capture)
        let guards = GuardRun(context: context, attempt: attempt, checks: checks, workplace: workplace)
        let place = place(workplace, subject: subject(change, in: workplace.slot))
        if let failure = try await guards.judge(change, in: place) { throw Stop.failed(failure) }
        if Task.isCancelled { throw Stop.cancelled }
        return change
    }

    /// Captures the slot. A file name or size that no commit can contain is the worker's failure.
    private func record(_ slot: SlotLease) async throws -> Capture {
        do {
            return try await slot.capture(including: attempt.task.files)
        } catch {
            switch error {
            case .unsafePath(let path, _), .fileTooLarge(let path, _, _):
                throw Stop.failed(Failure(kind: .guardRule, summary: error.message, places: [path]))
            default: throw error
            }
        }
    }

    private func change(_ capture: Capture) async throws -> Change {
        let (kept, discarded) = checks.guards.split(capture.changes)
        let base = attempt.base
        let tree =
            discarded.isEmpty
            ? capture.tree
            : try await context.git { (git) throws(GitError) in try git.tree(of: base, with: kept) }
        return Change(capture: capture, files: kept, tree: tree)
    }

    /// Returns the slot's content as the subject of checks.
    ///
    /// If the checkout contains nothing but the tree, the verdict is valid for the landing queue too. If it also
    /// contains ignored files, the worker may have written them to make a check pass.
    private func subject(_ change: Change, in slot: SlotLease) -> CheckRunner.Subject {
        let (tree, files) = (change.capture.tree, attempt.task.files)
        return CheckRunner.Subject(tree: tree, isClean: change.capture.isWhole, wantsClean: false) {
            await slot.holds(tree, including: files)
        }
    }

    /// Runs the `done` checks, which must pass now, and the task checks.
    mutating func verify(_ change: Change, in workplace: Workplace) async throws {
        enter(.checking)
        // A check may run git, and the worker may have changed its configuration. The verdict must hold elsewhere too.
        if change.capture.isWhole { try await workplace.slot.renewRepository() }
        let place = place(workplace, subject: subject(change, in: workplace.slot))
        let kinds: [(checks: [Check], kind: Failure.Kind, keepGoing: Bool)] = [
            (checks.rules.done, .doneCheck, true), (checks.rules.task, .taskCheck, false),
        ]
        for (list, kind, keepGoing) in kinds where !list.isEmpty {
            let found = await checks.runner.run(
                list, files: attempt.task.files, tests: attempt.task.tests, task: attempt.task.id, in: place,
                keepGoing: keepGoing)
            results += found
            try stopForFault(in: found)
            if let failure = Failure(kind: kind, of: found) { throw Stop.failed(failure) }
        }
    }

    /// Creates the commit and points the task's branch at it.
    func commit(_ change: Change, report: JobReport?) async throws -> Fact {
        enter(.committing)
        var verified = verified(change, reason: report?.reason ?? report?.summary ?? "")
        let (draft, attempt) = (verified, attempt)
        verified.commit = try await context.git { (git) throws(GitError) in
            let commit = try git.commit(draft, of: attempt.task, tree: change.tree, parent: attempt.base)
            try git.moveTaskBranch(attempt.task.id, to: commit)
            return commit
        }
        return .attemptVerified(verified)
    }
}
