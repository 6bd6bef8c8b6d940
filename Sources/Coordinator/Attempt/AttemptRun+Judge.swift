import Git
import Jobs
import Model
import Verification

extension AttemptRun {
    /// Captures the worker's changes and runs the guards on them.
    func judge(in workplace: Workplace) async throws -> Change {
        enter(.judging)
        await context.git { git in git.repository.awaitCollection() }
        let capture = try await record(workplace.slot)
        if let failure = capture.unrecordable { throw Stop.failed(failure) }
        let change = try await change(capture)
        let guards = GuardRun(context: context, attempt: attempt, checks: checks, workplace: workplace)
        if let failure = try await guards.judge(change) {
            if failure.kind == .noChange, mayChangeNothing { throw Stop.found(done: []) }
            // Done checks were asked before the worker, and say that there is work left.
            if failure.kind == .noChange, attempt.worker.noChange == .done, !checks.rules.knowsDone {
                throw Stop.found(done: [])
            }
            throw Stop.failed(failure)
        }
        if !checks.stage.guards.custom.isEmpty {
            try await workplace.slot.move(to: change.commit)
            let place = place(workplace, subject: try await subject(change, in: workplace.slot))
            if let failure = try await guards.runCommands(change, in: place) { throw Stop.failed(failure) }
        }
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
        let (base, task) = (attempt.base, attempt.task.id)
        return try await context.git { (git) throws(GitError) in
            let tree = discarded.isEmpty ? capture.tree : try git.tree(of: base, with: kept)
            let commit = try git.temporaryCommit(tree: tree, parent: base, message: "to be checked")
            try git.hold(commit, for: .attempt(task))
            return Change(files: kept, tree: tree, commit: commit)
        }
    }

    /// Returns the changes of kept work; nil if its commit is gone.
    func change(of kept: Fact.UnreviewedWork) async throws -> Change? {
        let base = attempt.base
        return try await context.git { (git) throws(GitError) -> Change? in
            guard (try? git.repository.treeOf(kept.commit)) == kept.tree else { return nil }
            let files = try git.repository.diff(from: git.repository.treeOf(base), to: kept.tree)
            return Change(files: files, tree: kept.tree, commit: kept.commit)
        }
    }

    /// The worker's tree, in a slot that holds nothing else: what it left beside the tree decides nothing.
    private func subject(_ change: Change, in slot: SlotLease) async throws -> CheckRunner.Subject {
        CheckRunner.Subject(
            tree: change.tree, isLanding: false, setup: try await slot.setupKey(of: change.commit)
        ) { await slot.restore(change.commit) }
    }

    /// Runs the `done` checks, which must pass now, then the task checks, then the `holdout` checks.
    mutating func verify(_ change: Change, in workplace: Workplace) async throws {
        enter(.checking)
        let measurement = checks.stage.guards.coverage.map { _ in CoverageGuard.Measurement() }
        let kinds: [(checks: [Check], kind: Failure.Kind, keepGoing: Bool)] = [
            (checks.rules.done, .doneCheck, true), (checks.rules.task, .taskCheck, false),
            (checks.rules.holdsOut(attempt.task.id) ? checks.rules.holdout : [], .holdout, false),
        ]
        for (list, kind, keepGoing) in kinds where !list.isEmpty {
            // The worker, a guard or the list before may have left what this one trips over or is fooled by.
            results += try await workplace.slot.move(to: change.commit)
            var place = place(workplace, subject: try await subject(change, in: workplace.slot))
            if kind == .taskCheck, let measurement {
                place.measured = { measurement.add($0) }
                // A known verdict measures nothing.
                place.subject?.isFresh = true
            }
            let found = await checks.runner.run(
                list, files: attempt.task.files, tests: attempt.task.tests, task: attempt.task.id, in: place,
                keepGoing: keepGoing)
            results += found
            try stopForFault(in: found)
            if let failure = Failure(kind: kind, of: found) { throw Stop.failed(failure) }
            if kind == .taskCheck, let measurement {
                let coverage = CoverageGuard(context: context, attempt: attempt, checks: checks, workplace: workplace)
                if let failure = try await coverage.judge(measurement.report, of: change) {
                    throw Stop.failed(failure)
                }
            }
        }
    }

    /// Creates the commit and points the task's branch at it.
    func commit(_ change: Change, reason: String) async throws -> Fact {
        enter(.committing)
        var verified = verified(change, reason: reason)
        let (draft, attempt) = (verified, attempt)
        verified.commit = try await context.git { (git) throws(GitError) in
            let commit = try git.commit(draft, of: attempt.task, tree: change.tree, parent: attempt.base)
            try git.moveTaskBranch(attempt.task.id, to: commit)
            return commit
        }
        return .attemptVerified(verified)
    }
}

extension Capture {
    /// The failure of an attempt that left pipes, sockets or devices. A check that reads one may wait for ever, or read
    /// what is in no tree.
    var unrecordable: Failure? {
        guard let first = special.first else { return nil }
        let more = special.count > 1 ? " and \(special.count - 1) more" : ""
        return Failure(
            kind: .guardRule,
            summary: "'\(first)'\(more): a pipe, socket or device cannot be part of a commit; leave regular files only",
            places: special)
    }
}
