import Git
import Jobs
import Model
import Verification

/// Builds a candidate on the tip in memory, has its exact tree checked, and moves the integration branch to it.
struct CandidateRunner {
    let context: RunContext
    let chain: CandidateChain
    let observer: any RunObserver

    /// Names of failing tests that a failure repeats.
    private static let mostTests = 50

    private enum Stop: Error {
        case failed(TaskID?, Failure, [CheckResult])
        case cancelled
    }

    /// - Parameters:
    ///   - verified: the attempts to put on the tip, in order.
    ///   - tip: where the integration branch is.
    ///   - before: the candidate to build on as if it had landed; nil for the tip.
    ///   - again: what is known of the tree already does not answer.
    /// - Returns: the verdict; nil if it was cancelled, or if the candidate before it could not be built.
    func check(
        _ candidate: Int, _ verified: [Fact.AttemptVerified], tip: ObjectID, after before: Int?, again: Bool
    ) async -> Fact? {
        var base = tip
        if let before {
            guard let built = await chain.built(before) else {
                chain.finish(candidate, nil)
                return nil
            }
            base = built.commit
        }
        return await check(candidate, verified, on: base, again: again)
    }

    private func check(
        _ candidate: Int, _ verified: [Fact.AttemptVerified], on tip: ObjectID, again: Bool
    ) async -> Fact? {
        let start = ContinuousClock.now
        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
        func failed(_ task: TaskID?, _ failure: Failure, _ checks: [CheckResult] = []) -> Fact {
            .candidateFailed(
                .init(candidate: candidate, tip: tip, task: task, failure: failure, checks: checks, seconds: seconds))
        }
        do {
            let built: CandidateBuild.Result
            do {
                let build = CandidateBuild(context: context, observer: observer)
                built = try await blocking { try build.make(verified, on: tip) }
            } catch {
                chain.finish(candidate, nil)
                throw error
            }
            chain.finish(candidate, built.commits.last.map { .init(commit: $0.commit, tree: built.tree) })
            let checks = try await runChecks(candidate, verified, built, tip: tip, again: again)
            return .candidatePassed(
                .init(
                    candidate: candidate, tip: tip, commits: built.commits, tree: built.tree, checks: checks,
                    seconds: seconds))
        } catch Stop.cancelled {
            return nil
        } catch let conflict as CandidateBuild.Conflict {
            return failed(conflict.task, conflict.failure)
        } catch Stop.failed(let task, let failure, let checks) {
            return failed(task, failure, checks)
        } catch {
            return failed(verified.first?.task, Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private func runChecks(
        _ candidate: Int, _ verified: [Fact.AttemptVerified], _ built: CandidateBuild.Result, tip: ObjectID,
        again: Bool
    ) async throws -> [CheckResult] {
        guard let last = built.commits.last, let task = context.desk.task(last.task) else { return [] }
        let stage = context.stage(of: task)
        guard !stage.stage.verify.landing.isEmpty else { return [] }
        for attempt in verified { observer.entered(.checkingCandidate, task: attempt.task) }
        let known = stage.checks.knownResults(
            stage.stage.verify.landing, task: last.task,
            of: context.subject(candidate: last.commit, tree: built.tree, again: again),
            job: JobPlace(run: context.run, task: last.task, slot: 0))
        if let known { return try judged(known, verified, tip: tip) }
        let logs = try context.logFolder(candidate: candidate)
        return try await context.landingSlots.withSlot { number, slot in
            _ = try await blocking { () throws(GitError) in try slot.move(to: last.commit) }
            let place = context.place(
                slot, job: JobPlace(run: context.run, task: last.task, slot: number), logs: logs,
                subject: context.subject(candidate: last.commit, tree: built.tree, again: again, in: slot))
            let results = await stage.checks.run(
                stage.stage.verify.landing, files: [], task: last.task, in: place)
            if Task.isCancelled { throw Stop.cancelled }
            return try judged(results, verified, tip: tip)
        }
    }

    private func judged(
        _ results: [CheckResult], _ verified: [Fact.AttemptVerified], tip: ObjectID
    ) throws -> [CheckResult] {
        if let failure = try failure(of: results, verified, tip: tip) {
            throw Stop.failed(verified.count == 1 ? verified[0].task : nil, failure, results)
        }
        return results
    }

    private func failure(
        of results: [CheckResult], _ verified: [Fact.AttemptVerified], tip: ObjectID
    ) throws -> Failure? {
        // A check that did not come to an end says nothing about the tree.
        if let fault = results.first(where: { $0.outcome == .infrastructure || $0.outcome == .timedOut }) {
            return Failure(
                kind: .infrastructure, summary: "landing check '\(fault.name)' did not come to an end",
                detail: fault.digest)
        }
        let isAlone = verified.count == 1 && verified[0].base == tip
        guard var failure = Failure(kind: isAlone ? .landingCheck : .redTogether, of: results) else { return nil }
        if !isAlone {
            failure.summary = "it passed on its own base; together with what landed since, \(failure.summary)"
            let others = try verified.first.map { try context.landed(from: $0.base, to: tip, touching: nil) } ?? ""
            if !others.isEmpty { failure.detail += "\n\nlanded since its base:\n\(others)" }
        }
        failure.places += Set(results.flatMap(\.failedTests)).sorted().prefix(Self.mostTests)
        return failure
    }

    /// Moves the integration branch.
    /// - Returns: `landed`, or `tipMoved` if somebody else has added commits to the branch.
    func land(_ candidate: Int, _ commits: [Fact.Landed.Commit], from tip: ObjectID) async throws -> Fact {
        let context = context
        return try await blocking {
            guard let last = commits.last else { return .tipMoved(found: tip) }
            let plan = context.plan
            if let path = context.repository.checkedOutPath(ofBranch: plan.integration) {
                throw CoordinatorError.integrationCheckedOut(branch: plan.integration, path: path)
            }
            do {
                try context.repository.compareAndSwap(
                    reference: "refs/heads/\(plan.integration)", from: tip, to: last.commit,
                    reason: "orchestrate: \(context.run) lands \(commits.map(\.task.rawValue).joined(separator: ", "))")
            } catch GitError.moved(_, _, let actual) {
                guard let actual, try context.repository.isAncestor(tip, of: actual) else {
                    throw CoordinatorError.integrationRewound(
                        branch: plan.integration, expected: tip, found: actual)
                }
                return .tipMoved(found: actual)
            }
            CrashPoint.moved.pass()
            return .landed(.init(candidate: candidate, commits: commits))
        }
    }

    /// Points the branches of tasks that have landed at their commits on the integration branch.
    ///
    /// Apart from `land`, because the next landing does not wait for it; a branch that is left behind by a crash still
    /// holds the work as it was verified.
    func moveTaskBranches(_ commits: [Fact.Landed.Commit]) async throws {
        let context = context
        try await blocking { () throws(GitError) in
            for commit in commits { try context.moveTaskBranch(commit.task, to: commit.commit) }
        }
    }
}
