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
    /// For checks that name an executor; nil to run all of them here.
    var elsewhere: RemoteChecks?

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
        let tree = CheckRunner.Subject(
            tree: subject.tree, isLanding: true, isFresh: subject.isFresh,
            setup: try await slots.setupKey(of: subject.commit, setup))
        let known = checks.knownResults(
            list, task: task, of: tree, job: JobPlace(run: run, task: task, slot: 0), keepGoing: keepGoing)
        if let known { return CommitVerdict(results: known) }
        let logs = logs
        try await blocking {
            try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        }
        var results: [CheckResult] = []
        for part in parts(of: list) {
            results += try await self.results(of: part, on: subject.commit, tree)
            if !keepGoing, results.contains(where: { $0.outcome != .passed }) { break }
        }
        // Checks that ran to their end say something about the tree, even where nobody waits for it any more.
        let verdict = CommitVerdict(results: results)
        if verdict.fault != nil { try Task.checkCancellation() }
        return verdict
    }

    /// Cuts a list where the machine changes.
    private func parts(of list: [Check]) -> [[Check]] {
        guard elsewhere != nil else { return [list] }
        return list.reduce(into: []) { parts, check in
            if parts.last?.last?.executor == check.executor, !parts.isEmpty {
                parts[parts.count - 1].append(check)
            } else {
                parts.append([check])
            }
        }
    }

    private func results(
        of part: [Check], on commit: ObjectID, _ tree: CheckRunner.Subject
    ) async throws -> [CheckResult] {
        guard let elsewhere, let executor = part.first?.executor else { return try await here(part, on: commit, tree) }
        let order = RemoteChecks.Part(
            checks: part, variables: checks.allowed, commit: commit, task: task, run: run, keepGoing: keepGoing,
            known: checks.known, setup: setup ?? elsewhere.plan.setup, logs: logs)
        return await checks.results(
            of: part, task: task, on: tree, job: JobPlace(run: run, task: task, slot: 0), keepGoing: keepGoing
        ) {
            await elsewhere.carryOut(order, on: executor)
        }
    }

    /// Runs checks in a slot of this machine.
    private func here(
        _ part: [Check], on commit: ObjectID, _ tree: CheckRunner.Subject
    ) async throws -> [CheckResult] {
        do {
            return try await inSlot(at: commit, tree) { place in
                await checks.run(part, files: [], task: task, in: place, keepGoing: keepGoing)
            }
        } catch let failure as SetupFailure {
            // The tree may be the reason: it has other inputs than the base.
            return [failure.asCheck]
        }
    }

    /// Runs checks for another machine.
    func turns(of list: [Check], on subject: Subject) async throws -> JobResult.Ending {
        do {
            let tree = CheckRunner.Subject(tree: subject.tree, isLanding: true)
            let turns = try await inSlot(at: subject.commit, tree) { place in
                await checks.turns(of: list, task: task, in: place, keepGoing: keepGoing)
            }
            return Task.isCancelled ? .cancelled : .checks(turns)
        } catch let failure as SetupFailure {
            return .notSetUp(failure.asCheck)
        }
    }

    private func inSlot<Result: Sendable>(
        at commit: ObjectID, _ tree: CheckRunner.Subject, _ body: (CheckRunner.Place) async -> Result
    ) async throws -> Result {
        try await slots.withSlot(setup) { slot in
            try Task.checkCancellation()
            try await slot.move(to: commit)
            var tree = tree
            tree.restore = { await slot.restore(commit) }
            return await body(
                CheckRunner.Place(
                    checkout: slot.treePath, logs: logs, job: JobPlace(run: run, task: task, slot: slot.number),
                    subject: tree))
        }
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
