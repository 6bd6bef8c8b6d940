import Foundation
import Git
import Jobs
import Model
import Verification

/// Runs a task's checks on the slot as it is, for the worker that is still at work in it.
///
/// They run in another slot on a capture of this one: nothing that they leave behind gets into the work. Their verdicts
/// are kept, and answer when the worker ends with the same tree; a capture that catches a file half written is the
/// worker's own doing.
struct CheckRequest: Sendable {
    let context: RunContext
    let task: MigrationTask
    let attempt: Int
    let base: ObjectID
    let slot: Slot
    let folder: JobFolder

    /// - Returns: whether the work would be accepted, and a text that says what of it would not.
    func run() async -> (passed: Bool, text: String) {
        do {
            let stage = context.stage(of: task)
            let (slot, files, base) = (slot, task.files, base)
            let capture = try await blocking { () throws(GitError) in try slot.capture(including: files) }
            let (kept, discarded) = stage.guards.split(capture.changes)
            let (context, task) = (context, task)
            // The plan's own guard commands are left to the judgement that counts.
            let objection = try await blocking { () throws(GitError) in
                try stage.guards.judge(kept, of: task, secrets: []) { (id) throws(GitError) in
                    try context.repository.blob(id)
                }
            }
            if let objection { return (false, Self.text(objection)) }
            let tree = discarded.isEmpty ? capture.tree : try context.tree(of: base, with: kept)
            let commit = try await blocking { () throws(GitError) in
                let signature = Signature(
                    name: "orchestrate", email: "orchestrate@localhost", seconds: 0, offsetMinutes: 0)
                return try context.repository.commit(
                    tree: tree, parents: [base], message: "checked on request", author: signature,
                    committer: signature)
            }
            return try await context.requestSlots.withSlot { number, place in
                _ = try await blocking { () throws(GitError) in try place.move(to: commit) }
                // Other requests have left their build output there, so what is found never answers for the queue.
                let subject = CheckRunner.Subject(tree: tree, isClean: false, wantsClean: false) {
                    await place.isPutBack(to: commit)
                }
                return try await judge(stage, subject, in: place, number)
            }
        } catch {
            return (false, "the checks could not be run: \(error)")
        }
    }

    private func judge(
        _ stage: RunContext.StageContext, _ subject: CheckRunner.Subject, in slot: Slot, _ number: Int
    ) async throws -> (passed: Bool, text: String) {
        let logs = "\(folder.path)/requested"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        var place = context.place(
            slot, job: .init(run: context.run, task: task.id, attempt: attempt, job: folder.path, slot: number),
            logs: logs)
        place.subject = subject
        let checks = stage.stage.verify.done + stage.stage.verify.task
        let results = await stage.checks.run(
            checks, files: task.files, tests: task.tests, task: task.id, in: place, keepGoing: true)
        var lines = results.map { result in
            let head = "\(result.name): \(result.outcome.rawValue)"
            return result.digest.isEmpty ? head : "\(head)\n\(result.digest)"
        }
        let reviewers = stage.stage.verify.doneReviewers + (context.plan.review?.reviewers ?? [])
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
