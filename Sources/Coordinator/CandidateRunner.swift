import Git
import Jobs
import Model
import Verification

/// Builds a candidate on the tip in memory, has its exact tree checked, and moves the integration branch to it.
struct CandidateRunner {
    let context: RunContext
    let chain: CandidateChain
    let observer: any RunObserver

    private enum Stop: Error {
        case failed(TaskID?, Failure, [CheckResult])
        case cancelled
    }

    /// - Parameters:
    ///   - verified: the attempts to put on the tip, in order.
    ///   - tip: where the integration branch is.
    ///   - before: the candidate to build on as if it had landed; nil for the tip.
    /// - Returns: the verdict; nil if it was cancelled, or if the candidate before it could not be built.
    func check(_ candidate: Int, _ verified: [Fact.AttemptVerified], tip: ObjectID, after before: Int?) async -> Fact? {
        var base = tip
        if let before {
            guard let built = await chain.built(before) else {
                chain.finish(candidate, nil)
                return nil
            }
            base = built.commit
        }
        return await check(candidate, verified, on: base)
    }

    private func check(_ candidate: Int, _ verified: [Fact.AttemptVerified], on tip: ObjectID) async -> Fact? {
        let start = ContinuousClock.now
        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
        func failed(_ task: TaskID?, _ failure: Failure, _ checks: [CheckResult] = []) -> Fact {
            .candidateFailed(
                .init(candidate: candidate, tip: tip, task: task, failure: failure, checks: checks, seconds: seconds))
        }
        do {
            let (commits, tree): ([Fact.Landed.Commit], ObjectID)
            do {
                (commits, tree) = try await build(verified, on: tip)
            } catch {
                chain.finish(candidate, nil)
                throw error
            }
            chain.finish(candidate, commits.last.map { .init(commit: $0.commit, tree: tree) })
            let checks = try await runChecks(candidate, verified, commits, tip: tip)
            return .candidatePassed(
                .init(
                    candidate: candidate, tip: tip, commits: commits, tree: tree, checks: checks, seconds: seconds))
        } catch Stop.cancelled {
            return nil
        } catch Stop.failed(let task, let failure, let checks) {
            return failed(task, failure, checks)
        } catch {
            return failed(verified.first?.task, Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    /// The commits of the candidate, each on the one before it.
    private func build(
        _ verified: [Fact.AttemptVerified], on tip: ObjectID
    ) async throws -> (commits: [Fact.Landed.Commit], tree: ObjectID) {
        let context = context
        let observer = observer
        return try await blocking {
            var parent = tip
            var tree = try context.repository.treeOf(tip)
            var commits: [Fact.Landed.Commit] = []
            for attempt in verified {
                observer.entered(.merging, task: attempt.task)
                guard let task = context.tasks[attempt.task] else { continue }
                if attempt.base == parent {
                    // Nothing has landed since: the commit of the task's branch is the one to land.
                    tree = attempt.tree
                    parent = attempt.commit
                } else {
                    tree = try Self.merge(attempt, onto: tree, tip: parent, in: context)
                    parent = try context.commit(attempt, of: task, tree: tree, parent: parent)
                }
                commits.append(.init(task: attempt.task, commit: parent))
            }
            return (commits, tree)
        }
    }

    private static func merge(
        _ attempt: Fact.AttemptVerified, onto tree: ObjectID, tip: ObjectID, in context: RunContext
    ) throws -> ObjectID {
        let repository = context.repository
        let ancestor = try repository.treeOf(attempt.base)
        switch try repository.merge(ancestor: ancestor, ours: tree, theirs: attempt.tree) {
        case .clean(let merged): return merged
        case .conflicts(let paths):
            let others = try context.landed(from: attempt.base, to: tip, touching: paths)
            throw Stop.failed(
                attempt.task,
                Failure(
                    kind: .conflict,
                    summary: "what landed meanwhile changes the same lines of \(paths.joined(separator: ", "))",
                    detail: others, places: paths), [])
        }
    }

    private func runChecks(
        _ candidate: Int, _ verified: [Fact.AttemptVerified], _ commits: [Fact.Landed.Commit], tip: ObjectID
    ) async throws -> [CheckResult] {
        guard let last = commits.last, let task = context.tasks[last.task] else { return [] }
        let stage = context.stage(of: task)
        guard !stage.stage.verify.landing.isEmpty else { return [] }
        for attempt in verified { observer.entered(.checkingCandidate, task: attempt.task) }
        let logs = try context.logFolder(candidate: candidate)
        return try await context.landingSlots.withSlot { number, slot in
            _ = try await blocking { () throws(GitError) in try slot.move(to: last.commit) }
            let place = context.place(
                slot, job: JobPlace(run: context.run, task: last.task, slot: number), logs: logs)
            let results = await stage.checks.run(
                stage.stage.verify.landing, files: [], task: last.task, in: place)
            if Task.isCancelled { throw Stop.cancelled }
            if let failure = self.failure(of: results, verified, tip: tip) {
                throw Stop.failed(verified.count == 1 ? verified[0].task : nil, failure, results)
            }
            return results
        }
    }

    private func failure(of results: [CheckResult], _ verified: [Fact.AttemptVerified], tip: ObjectID) -> Failure? {
        // A check that did not come to an end says nothing about the tree.
        if let fault = results.first(where: { $0.outcome == .infrastructure || $0.outcome == .timedOut }) {
            return Failure(
                kind: .infrastructure, summary: "landing check '\(fault.name)' did not come to an end",
                detail: fault.digest)
        }
        let isAlone = verified.allSatisfy { $0.base == tip }
        guard var failure = Failure(kind: isAlone ? .landingCheck : .redTogether, of: results) else { return nil }
        if !isAlone {
            failure.summary = "it passed on its own base; together with what landed since, \(failure.summary)"
        }
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
