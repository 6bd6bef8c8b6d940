import Foundation
import Git
import Jobs
import Model
import Store

extension RunSetup {
    /// The start of a run: its base, the integration branch, and the work that earlier runs have landed.
    struct StartingPoint: Sendable {
        /// The commit for the graph and the tasks.
        var base: ObjectID
        /// The current tip of the integration branch; nil if there is no branch.
        var branch: ObjectID?
        /// The tip that the integration branch starts the run with.
        var tip: ObjectID
        var landed: [Fact.Landed.Commit]
        /// The base on which the branch was made; nil unless the base has moved since.
        var earlierBase: ObjectID?
        /// The landed commits, made again on the moved base. No check has judged them yet.
        var moved: [CommitTransplant.Step] = []
        /// The conflict of a landed commit with the moved base. The branch then stays as it is.
        var conflict: CoordinatorError?
    }

    func startingPoint() throws -> StartingPoint {
        let base = try repository.resolve(plan.base)
        try refuseBranchInUse()
        guard let branch = try repository.branchTip(plan.integration) else {
            return StartingPoint(base: base, branch: nil, tip: base, landed: [])
        }
        try refuseForeign(branch, base: base)
        // The branch has been merged into the base, so the next run starts from the base.
        if try repository.isAncestor(branch, of: base) {
            return StartingPoint(base: base, branch: branch, tip: base, landed: [])
        }
        guard let fork = try repository.mergeBase(branch, base) else {
            throw CoordinatorError.integrationUnrelated(branch: plan.integration, base: plan.base)
        }
        let landed = Self.landed(try repository.commits(from: fork, to: branch).map { ($0, $0.id) })
        let asItIs = StartingPoint(base: fork, branch: branch, tip: branch, landed: landed)
        return fork == base ? asItIs : try moved(asItIs, onto: base)
    }

    /// The tasks' commits that no later commit takes back.
    /// - Parameter commits: in the order of the branch, each with its present name.
    private static func landed(_ commits: [(record: CommitRecord, id: ObjectID)]) -> [Fact.Landed.Commit] {
        var landed: [Fact.Landed.Commit] = []
        for (record, id) in commits {
            if let reverted = record.trailer(CommitMessage.Trailer.reverts) {
                let tasks = Set(reverted.split(separator: " ").map { TaskID(String($0)) })
                landed.removeAll { tasks.contains($0.task) }
            }
            if let task = record.trailer(CommitMessage.Trailer.task) {
                landed.append(.init(task: TaskID(task), commit: id))
            }
        }
        return landed
    }

    /// - Throws: `integrationIsForeign` for a branch that the user made, unless the plan says to extend it.
    private func refuseForeign(_ branch: ObjectID, base: ObjectID) throws {
        guard !plan.integrationRules.extendsBranch,
            plan.integration != "\(BranchNames.integrations)/\(plan.name)", try !wasUsed(plan.integration)
        else { return }
        // Without the store, such as after a move to another machine, the commits tell.
        if let fork = try repository.mergeBase(branch, base), fork != branch,
            try repository.commits(from: fork, to: branch).allSatisfy({ commit in
                commit.trailer(CommitMessage.Trailer.task) != nil
            })
        {
            return
        }
        throw CoordinatorError.integrationIsForeign(branch: plan.integration, tip: branch)
    }

    /// Whether a run of the plan has landed on a branch before.
    private func wasUsed(_ branch: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: state.store) else { return false }
        return try StoreReader(path: state.store).read { try $0.runs() }.contains { run in
            run.plan.name == plan.name && run.plan.integration == branch
        }
    }

    /// Returns the starting point on a base that has new commits.
    ///
    /// A landed commit is left out if the base contains its change already, as after a squash merge.
    private func moved(_ old: StartingPoint, onto base: ObjectID) throws -> StartingPoint {
        do {
            let steps = try CommitTransplant(repository: repository, plan: plan).make(
                from: old.base, to: old.tip, onto: base)
            let landed = Self.landed(steps.map { ($0.old, $0.commit) })
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

    /// Runs the landing checks on the landed commits, which were made again on the moved base.
    /// - Returns: a note for people; nil if the base has not moved.
    /// - Throws: `movedBaseRed`.
    func checkMoved(_ start: StartingPoint, _ store: EventStore) async throws -> String? {
        guard let earlier = start.earlierBase else { return nil }
        let words = "\(plan.base) has moved from \(earlier.short) to \(start.base.short)"
        let commits = start.moved.map(\.commit)
        guard let last = commits.last else {
            return "\(words), which has all landed changes; the run starts from there"
        }
        let check = TreeCheck(
            repository: repository, plan: plan, state: state, environment: environment, executors: executors)
        let (results, logs) = try await check.judge(plan.landing.everyCommit ? commits : [last], store, isWhole: false)
        if let failure = Failure(kind: .landingCheck, of: results) {
            throw CoordinatorError.movedBaseRed(
                branch: plan.integration, base: plan.base, failure: failure.summary, logs: logs)
        }
        let count = commits.count == 1 ? "1 landed commit was" : "\(commits.count) landed commits were"
        return "\(words); \(count) put onto it and passed the landing checks"
    }

    /// Runs the landing checks on the base.
    /// - Returns: their duration in seconds, whether they pass or not.
    /// - Throws: `StoreError.locked` if a run of the plan is active.
    package func landingSeconds() async throws -> Double {
        let check = TreeCheck(
            repository: repository, plan: plan, state: state, environment: environment, executors: executors)
        let (results, _) = try await check.run(on: [try startingPoint().base], isWhole: false)
        return results.reduce(0) { $0 + $1.seconds }
    }

    /// Returns notes on new commits of the base for an unfinished run, which stays on its own base.
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
