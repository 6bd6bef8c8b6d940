import Foundation
import Git
import Jobs
import Model
import Verification

/// A run of a task's checks that the worker requests while it is still working.
///
/// The checks run in another slot, on a capture of this one, so their output never enters the work. Their verdicts
/// are cached and reused if the worker ends with the same tree. The worker must not write to its files during the
/// capture, or a half-written file is checked.
struct CheckRequest: Sendable {
    let context: WorkContext
    let attempt: Attempt
    let workplace: Workplace

    /// Captures the slot and runs the checks.
    /// - Returns: whether the work would be accepted, and a text with the results.
    func run() async -> (passed: Bool, text: String) {
        do {
            let checks = context.checks.stage(of: attempt.task)
            let capture = try await workplace.slot.capture(including: attempt.task.files)
            if let failure = capture.unrecordable { return (false, Self.text(failure)) }
            let (kept, discarded) = checks.guards.split(capture.changes)
            let attempt = attempt
            // The plan's own guard commands run only after the worker has ended.
            let (objection, tree, commit) = try await context.git { (git) throws(GitError) in
                let objection = try checks.guards.judge(kept, of: attempt.task, secrets: []) { (id) throws(GitError) in
                    try git.repository.blob(id)
                }
                let tree = discarded.isEmpty ? capture.tree : try git.tree(of: attempt.base, with: kept)
                let commit = try git.temporaryCommit(tree: tree, parent: attempt.base, message: "checked on request")
                return (objection, tree, commit)
            }
            if let objection { return (false, Self.text(objection)) }
            return try await context.slots.requests.withSlot(checks.stage.setup) { slot in
                try await slot.move(to: commit)
                let subject = CheckRunner.Subject(
                    tree: tree, isLanding: false, setup: try await slot.setupKey(of: commit)
                ) {
                    await slot.restore(commit)
                }
                return try await judge(checks, subject, in: slot)
            }
        } catch {
            return (false, "the checks could not be run: \(error)")
        }
    }

    private func judge(
        _ checks: RunChecks.StageChecks, _ subject: CheckRunner.Subject, in slot: SlotLease
    ) async throws -> (passed: Bool, text: String) {
        let logs = "\(workplace.job.path)/requested"
        try await blocking {
            try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        }
        let there = Workplace(slot: slot, job: workplace.job, run: context.run, attempt: attempt.id)
        let place = CheckRunner.Place(
            checkout: slot.treePath, logs: logs, job: there.jobPlace, subject: subject)
        let results = await checks.runner.run(
            checks.rules.done + checks.rules.task, files: attempt.task.files, tests: attempt.task.tests,
            task: attempt.task.id, in: place, keepGoing: true)
        var lines = results.map { result in
            let failure = Failure(kind: .taskCheck, of: [result])
            let head = failure?.summary ?? "\(result.name): \(result.outcome.rawValue)"
            return result.digest.isEmpty ? head : "\(head)\n\(result.digest)"
        }
        let reviewers = checks.rules.doneReviewers + (context.plan.review?.reviewers ?? [])
        lines += reviewers.map { "\($0.checkName): asked once you are done" }
        return (
            results.allSatisfy { $0.outcome == .passed },
            lines.isEmpty ? "the plan has no checks for this task" : lines.joined(separator: "\n")
        )
    }

    private static func text(_ failure: Failure) -> String {
        ([failure.summary] + failure.places.prefix(20)).joined(separator: "\n")
    }
}
