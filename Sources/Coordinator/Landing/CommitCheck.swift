import Foundation
import Git
import Jobs
import Model
import Verification

/// Decides whether the whole tree of a commit passes a list of checks. Nothing else does.
///
/// Verdicts that are known answer. Otherwise the checks run on that exact tree in a landing slot.
struct CommitCheck: Sendable {
    let checks: CheckRunner
    /// Slots that no worker has been in.
    let slots: SlotPool
    let run: RunID
    /// The task that the checks are told of; nil for none.
    let task: TaskID?
    /// Absolute path of the folder for the full logs; made where it is missing.
    let logs: String
    /// Whether checks go on after one that did not pass.
    var keepGoing = false

    /// The commit that is judged.
    struct Subject: Sendable {
        let commit: ObjectID
        let tree: ObjectID
        /// Known verdicts do not answer: the tree may have failed before, and is to be looked at again.
        var isFresh = false
    }

    /// - Parameter list: the checks to run, in order.
    /// - Throws: `CancellationError` if it was ended before there was a verdict; `GitError` where the slot fails.
    func verdict(_ list: [Check], on subject: Subject) async throws -> CommitVerdict {
        guard !list.isEmpty else { return CommitVerdict(results: []) }
        var tree = CheckRunner.Subject(
            tree: subject.tree, isClean: true, wantsClean: true, isFresh: subject.isFresh)
        let known = checks.knownResults(
            list, task: task, of: tree, job: JobPlace(run: run, task: task, slot: 0), keepGoing: keepGoing)
        if let known { return CommitVerdict(results: known) }
        let results = try await slots.withSlot { slot in
            try Task.checkCancellation()
            let logs = logs
            try await blocking {
                try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
            }
            try await slot.move(to: subject.commit)
            tree.restore = { await slot.restore(subject.commit) }
            let place = CheckRunner.Place(
                checkout: slot.treePath, logs: logs, job: JobPlace(run: run, task: task, slot: slot.number),
                subject: tree)
            return await checks.run(list, files: [], task: task, in: place, keepGoing: keepGoing)
        }
        // Checks that ran to their end say something about the tree, even where nobody waits for it any more.
        let verdict = CommitVerdict(results: results)
        if verdict.fault != nil { try Task.checkCancellation() }
        return verdict
    }
}

/// What the checks say of a commit.
struct CommitVerdict: Sendable {
    let results: [CheckResult]

    var isGreen: Bool { results.allSatisfy { $0.outcome == .passed } }

    /// The check that did not come to an end, and so says nothing about the tree.
    var fault: Failure? {
        results.first { $0.outcome == .infrastructure || $0.outcome == .timedOut }.map { fault in
            Failure(
                kind: .infrastructure, summary: "landing check '\(fault.name)' did not come to an end",
                detail: fault.digest)
        }
    }

    /// What the checks say against the tree; nil if all have passed.
    func failure(_ kind: Failure.Kind) -> Failure? { Failure(kind: kind, of: results) }
}
