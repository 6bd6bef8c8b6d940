import Foundation
import Git
import Jobs
import Model
import Verification

/// A check of the whole tree of a commit. Nothing else decides whether such a tree passes.
///
/// Known verdicts are reused. Otherwise the checks run on that exact tree in a landing slot.
struct CommitCheck: Sendable {
    let checks: CheckRunner
    /// Slots in which no worker has run.
    let slots: SlotPool
    let run: RunID
    /// The task that is named in the checks' environment; nil for none.
    let task: TaskID?
    /// Absolute path of the folder for the full logs; created if missing.
    let logs: String
    /// Whether to run the checks that follow a failed one.
    var keepGoing = false
    /// The set-up of the slot; nil for that of the plan.
    var setup: SetupRules?

    /// The commit that is judged.
    struct Subject: Sendable {
        let commit: ObjectID
        let tree: ObjectID
        /// Whether known verdicts are ignored, to check a failed tree once more.
        var isFresh = false
    }

    /// Returns the verdict on a commit.
    /// - Parameter list: the checks to run, in order.
    /// - Throws: `CancellationError` if it was cancelled before the verdict; `GitError` if the slot fails.
    func verdict(_ list: [Check], on subject: Subject) async throws -> CommitVerdict {
        guard !list.isEmpty else { return CommitVerdict(results: []) }
        var tree = CheckRunner.Subject(
            tree: subject.tree, isLanding: true, isFresh: subject.isFresh,
            setup: try await slots.setupKey(of: subject.commit, setup))
        let known = checks.knownResults(
            list, task: task, of: tree, job: JobPlace(run: run, task: task, slot: 0), keepGoing: keepGoing)
        if let known { return CommitVerdict(results: known) }
        let results = try await slots.withSlot(setup) { slot in
            try Task.checkCancellation()
            let logs = logs
            try await blocking {
                try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
            }
            do {
                try await slot.move(to: subject.commit)
            } catch let failure as SetupFailure {
                // The tree may be the reason: it has other inputs than the base.
                return [failure.asCheck]
            }
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

/// The results of the checks on a commit.
struct CommitVerdict: Sendable {
    let results: [CheckResult]

    var isGreen: Bool { results.allSatisfy { $0.outcome == .passed } }

    /// The failure of a check that did not finish and so says nothing about the tree; nil if all checks finished.
    var fault: Failure? {
        if let broken = Failure(missingProgramIn: results) { return broken }
        return results.first { $0.outcome == .infrastructure || $0.outcome == .timedOut }.map { fault in
            Failure(
                kind: .infrastructure, summary: "landing check '\(fault.name)' did not finish",
                detail: fault.digest)
        }
    }

    /// Returns the failure of the checks; nil if all have passed.
    func failure(_ kind: Failure.Kind) -> Failure? { Failure(kind: kind, of: results) }
}
