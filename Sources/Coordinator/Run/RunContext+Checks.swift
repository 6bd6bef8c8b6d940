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

    /// Runs `verify.final` on the tip.
    /// - Throws: `CancellationError` if it was ended before it came to anything.
    func checkEnd(_ tip: ObjectID) async throws -> Fact.WholeChecked {
        try await checkSetup.run(
            plan.verify.final, plan.verify, at: tip, of: repository, in: landingSlots, as: run,
            logs: "\(state.logs)/\(run)/final")
    }
}
