import Git
import Jobs
import Model
import Store
import Verification

extension RunContext {
    /// What a worker's slot holds before the worker is started.
    func subject(base: ObjectID, in slot: Slot) throws(GitError) -> CheckRunner.Subject {
        CheckRunner.Subject(tree: try repository.treeOf(base), isClean: false, wantsClean: false) {
            await slot.isPutBack(to: base)
        }
    }

    /// What a worker has left in its slot.
    ///
    /// Where that is nothing beside the tree, what is found answers for the landing queue too. Where the checkout
    /// also holds ignored files, a worker may have put them there to make a check pass.
    func subject(_ capture: Capture, of task: MigrationTask, in slot: Slot) -> CheckRunner.Subject {
        CheckRunner.Subject(tree: capture.tree, isClean: capture.isWhole, wantsClean: false) {
            await slot.holds(capture.tree, including: task.files)
        }
    }

    /// What a landing slot holds, or would hold.
    ///
    /// - Parameters:
    ///   - again: verdicts do not answer: the tree may have failed before.
    ///   - slot: nil where no slot has been taken.
    func subject(
        candidate commit: ObjectID, tree: ObjectID, again: Bool, in slot: Slot? = nil
    ) -> CheckRunner.Subject {
        var subject = CheckRunner.Subject(tree: tree, isClean: true, wantsClean: true, isFresh: again)
        if let slot { subject.restore = { await slot.isPutBack(to: commit) } }
        return subject
    }

    /// Runs the task checks on what is in a slot now, while its worker still works.
    ///
    /// What is found answers when the worker ends with the same tree, and never for the landing queue. It is not kept
    /// where the files have changed meanwhile.
    ///
    /// - Parameters:
    ///   - task: whose checks; `done` checks come first, as after the worker.
    ///   - place: of the attempt; its subject is not looked at.
    func checkNow(_ task: MigrationTask, in slot: Slot, _ place: CheckRunner.Place) async throws -> [CheckResult] {
        let stage = stage(of: task)
        let files = task.files
        let capture = try await blocking { () throws(GitError) in
            try slot.capture(including: files, counting: false)
        }
        var place = place
        place.subject = CheckRunner.Subject(tree: capture.tree, isClean: false, wantsClean: false) {
            await slot.holds(capture.tree, including: files)
        }
        place.subject?.mustStay = true
        var results: [CheckResult] = []
        for (checks, keepGoing) in [(stage.stage.verify.done, true), (stage.stage.verify.task, false)] {
            results += await stage.checks.run(
                checks, files: files, tests: task.tests, task: task.id, in: place, keepGoing: keepGoing)
            if results.contains(where: { $0.outcome != .passed }) { break }
        }
        return results
    }

    /// Runs `verify.final` on the tip.
    /// - Throws: `CancellationError` if it was ended before it came to anything.
    func checkEnd(_ tip: ObjectID) async throws -> Fact.WholeChecked {
        try await checkSetup.run(
            plan.verify.final, plan.verify, at: tip, of: repository, in: landingSlots, as: run,
            logs: "\(state.logs)/\(run)/final")
    }
}
