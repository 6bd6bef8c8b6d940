import Git
import Jobs
import Model
import Store

extension RunSetup {
    /// Where a run of the plan starts, and what earlier runs have left on the integration branch.
    struct StartingPoint: Sendable {
        /// The commit to make the graph and the tasks from.
        var base: ObjectID
        /// The integration branch as it is; nil if there is none.
        var branch: ObjectID?
        /// Where the integration branch is to be.
        var tip: ObjectID
        var landed: [Fact.Landed.Commit]
        /// The commit that the branch was made on, where the base has moved since.
        var earlierBase: ObjectID?
        /// The landed commits, made again on a base that has moved; no check has judged them yet.
        var moved: [CommitTransplant.Step] = []
        /// Why the landed commits do not go onto a base that has moved. The branch is then taken as it is.
        var conflict: CoordinatorError?
    }

    func startingPoint() throws -> StartingPoint {
        let base = try repository.resolve(plan.base)
        try refuseBranchInUse()
        guard let branch = try repository.branchTip(plan.integration) else {
            return StartingPoint(base: base, branch: nil, tip: base, landed: [])
        }
        // Merged since: the next run starts from where its work has gone.
        if try repository.isAncestor(branch, of: base) {
            return StartingPoint(base: base, branch: branch, tip: base, landed: [])
        }
        guard let fork = try repository.mergeBase(branch, base) else {
            throw CoordinatorError.integrationUnrelated(branch: plan.integration, base: plan.base)
        }
        let landed = try repository.commits(from: fork, to: branch).compactMap { commit in
            commit.trailer(CommitMessage.Trailer.task).map { Fact.Landed.Commit(task: TaskID($0), commit: commit.id) }
        }
        let asItIs = StartingPoint(base: fork, branch: branch, tip: branch, landed: landed)
        return fork == base ? asItIs : try moved(asItIs, onto: base)
    }

    /// The starting point on a base that has got commits since the branch was made on it. A landed commit whose change the
    /// base holds already, as after a squash merge, is left out.
    private func moved(_ old: StartingPoint, onto base: ObjectID) throws -> StartingPoint {
        do {
            let steps = try CommitTransplant(repository: repository).make(from: old.base, to: old.tip, onto: base)
            let landed = steps.compactMap { step in
                step.task.map { Fact.Landed.Commit(task: $0, commit: step.commit) }
            }
            return StartingPoint(
                base: base, branch: old.branch, tip: steps.last?.commit ?? base, landed: landed,
                earlierBase: old.base, moved: steps)
        } catch let conflict as CommitTransplant.Conflict {
            var old = old
            old.earlierBase = old.base
            old.conflict = .baseConflicts(
                branch: plan.integration, base: plan.base, commit: conflict.commit.subject, paths: conflict.paths)
            return old
        }
    }

    /// Has the landing checks judge the landed commits on a base that has moved.
    /// - Returns: a note for people; nil where the base has not moved.
    /// - Throws: `movedBaseRed`.
    func checkMoved(_ start: StartingPoint, _ store: EventStore) async throws -> String? {
        guard let earlier = start.earlierBase else { return nil }
        let words = "\(plan.base) has moved from \(earlier.short) to \(start.base.short)"
        let commits = start.moved.map(\.commit)
        guard let last = commits.last else {
            return "\(words), which has all landed changes; the run starts from there"
        }
        let check = TreeCheck(repository: repository, plan: plan, state: state, environment: environment)
        let (results, logs) = try await check.judge(plan.landing.everyCommit ? commits : [last], store, isWhole: false)
        if let failure = Failure(kind: .landingCheck, of: results) {
            throw CoordinatorError.movedBaseRed(
                branch: plan.integration, base: plan.base, failure: failure.summary, logs: logs)
        }
        let count = commits.count == 1 ? "1 landed commit was" : "\(commits.count) landed commits were"
        return "\(words); \(count) put onto it and passed the landing checks"
    }

    /// What a person should know of new commits on the base of an unfinished run, which stays on its own.
    func movedBaseNotes(_ run: RunRecord) throws -> [String] {
        guard !run.plan.baseRules.follows else { return [] }
        let base = try repository.resolve(run.plan.base)
        guard base != run.base, try !repository.isAncestor(base, of: run.tip) else { return [] }
        return [
            "\(run.plan.base) has moved from \(run.base.short) to \(base.short); \(run.id) continues on "
                + "\(run.base.short). Once it has finished, 'orchestrate migrate' takes in what is new"
        ]
    }
}

extension Repository {
    /// Points the branches of landed tasks at commits that were made again.
    func moveTaskBranches(_ commits: [Fact.Landed.Commit], of plan: String, reason: String) throws(GitError) {
        for commit in commits {
            let branch = "refs/heads/\(BranchNames.task(commit.task, ofPlan: plan))"
            let old = try value(of: branch)
            if old != commit.commit {
                try compareAndSwap(
                    reference: branch, from: old, to: commit.commit, reason: "orchestrate: \(reason)")
                CrashPoint.moved.pass()
            }
        }
    }
}
