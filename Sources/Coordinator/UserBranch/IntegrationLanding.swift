package import Executors
import Foundation
package import Git
import Jobs
package import Model
package import Store

/// A landing of a plan's integration branch on a branch of the user, at the user's request.
package struct IntegrationLanding: Sendable {
    package enum Manner: Sendable {
        /// A fast-forward if possible, else a merge commit.
        case either
        case merge
        /// A fast-forward. If the branch has moved, the commits are rebased onto it first.
        case fastForwardOnly
    }

    package enum Outcome: Sendable, Equatable {
        /// The branch already contains everything.
        case nothingToDo
        case fastForward(to: ObjectID)
        case merged(commit: ObjectID)
    }

    private let repository: Repository
    private let plan: Plan
    private let check: TreeCheck

    /// - Parameters:
    ///   - environment: the program's environment. The plan selects the variables that checks see.
    ///   - executors: those of the user's configuration, for checks that name one.
    package init(
        repository: Repository, plan: Plan, state: StateFolder, environment: [String: String], executors: ExecutorSet
    ) {
        self.repository = repository
        self.plan = plan
        check = TreeCheck(
            repository: repository, plan: plan, state: state, environment: BaseEnvironment(coordinator: environment),
            executors: executors)
    }

    /// Returns the name of the branch that the plan starts from. For `HEAD`, that is the branch which was checked out when
    /// the last run began.
    /// - Throws: `LandError.notABranch`.
    package func ordinaryTarget() throws -> String {
        let name = plan.base.hasPrefix("refs/heads/") ? String(plan.base.dropFirst(11)) : plan.base
        if name != "HEAD", try repository.branchTip(name) != nil { return name }
        if name == "HEAD", let branch = try branchOfLastRun(), try repository.branchTip(branch) != nil { return branch }
        throw LandError.notABranch(base: plan.base)
    }

    private func branchOfLastRun() throws -> String? {
        guard FileManager.default.fileExists(atPath: check.state.store) else { return nil }
        return try StoreReader(path: check.state.store).read { view in
            guard let run = try view.latestRun(plan: plan.name)?.id,
                case .fact(.runStarted(let started)) = try view.events(of: run).first?.body
            else { return nil }
            return started.branch
        }
    }

    /// Returns the subjects of the commits that a branch would get.
    package func subjects(missingIn branch: String) throws -> [String] {
        guard let tip = try repository.branchTip(plan.integration) else {
            throw LandError.noIntegration(branch: plan.integration)
        }
        guard let target = try repository.branchTip(branch) else { throw LandError.noSuchBranch(branch) }
        guard let fork = try repository.mergeBase(target, tip) else { return [] }
        return try repository.commits(from: fork, to: tip).map(\.subject)
    }

    /// Moves a branch so that it contains the integration branch.
    ///
    /// The branch is moved by compare-and-swap, or by git if it is checked out. A checkout with uncommitted changes is
    /// never touched.
    /// - Parameters:
    ///   - branch: the branch, without `refs/heads/`.
    ///   - reverify: whether to combine both branches and run the landing checks on the result if the branch has moved.
    /// - Throws: `LandError` or `GitError`; `StoreError.locked` if checks are needed and a run is active.
    package func land(into branch: String, _ manner: Manner, reverify: Bool) async throws -> Outcome {
        guard branch != plan.integration else { throw LandError.intoItself(branch: branch) }
        guard let tip = try repository.branchTip(plan.integration) else {
            throw LandError.noIntegration(branch: plan.integration)
        }
        guard let target = try repository.branchTip(branch) else { throw LandError.noSuchBranch(branch) }
        if try repository.isAncestor(tip, of: target) { return .nothingToDo }
        if try repository.isAncestor(target, of: tip) {
            guard manner == .merge else {
                try move(branch, from: target, to: tip)
                return .fastForward(to: tip)
            }
            let commit = try mergeCommit(tree: try repository.treeOf(tip), branch, target, tip)
            try move(branch, from: target, to: commit)
            return .merged(commit: commit)
        }
        guard let fork = try repository.mergeBase(target, tip) else {
            throw CoordinatorError.integrationUnrelated(branch: plan.integration, base: branch)
        }
        guard reverify else {
            throw LandError.moved(
                branch: branch, commits: try repository.commits(from: fork, to: target).count,
                integration: plan.integration)
        }
        return manner == .fastForwardOnly
            ? try await replay(onto: branch, target, tip, fork) : try await merge(into: branch, target, tip, fork)
    }

    private func merge(
        into branch: String, _ target: ObjectID, _ tip: ObjectID, _ fork: ObjectID
    ) async throws -> Outcome {
        let merged = try repository.merge(
            ancestor: repository.treeOf(fork), ours: repository.treeOf(target), theirs: repository.treeOf(tip))
        guard case .clean(let tree) = merged else {
            guard case .conflicts(let paths) = merged else { return .nothingToDo }
            throw LandError.conflicts(branch: branch, integration: plan.integration, paths: paths)
        }
        let commit = try mergeCommit(tree: tree, branch, target, tip)
        try await verify([commit], branch)
        try move(branch, from: target, to: commit)
        return .merged(commit: commit)
    }

    private func replay(
        onto branch: String, _ target: ObjectID, _ tip: ObjectID, _ fork: ObjectID
    ) async throws -> Outcome {
        let transplant = CommitTransplant(repository: repository, plan: plan)
        let steps: [CommitTransplant.Step]
        do {
            steps = try transplant.make(from: fork, to: tip, onto: target)
        } catch let conflict as CommitTransplant.Conflict {
            throw LandError.conflicts(branch: branch, integration: plan.integration, paths: conflict.paths)
        }
        let commits = steps.map(\.commit)
        guard let last = commits.last else { return .nothingToDo }
        try await verify(plan.landing.everyCommit ? commits : [last], branch)
        try transplant.keepNotes(steps)
        try move(branch, from: target, to: last)
        return .fastForward(to: last)
    }

    /// Runs the landing checks on the given commits, in order.
    private func verify(_ commits: [ObjectID], _ branch: String) async throws {
        let (results, logs) = try await check.run(on: commits)
        if let failure = Failure(kind: .landingCheck, of: results) {
            throw LandError.red(branch: branch, failure: failure.summary, logs: logs)
        }
    }

    private func mergeCommit(
        tree: ObjectID, _ branch: String, _ target: ObjectID, _ tip: ObjectID
    ) throws -> ObjectID {
        let signature = try repository.signatureNow()
        return try repository.commit(
            tree: tree, parents: [target, tip],
            message: "Merge branch '\(plan.integration)' into \(branch)\n\n\(plan.goal)\n", author: signature,
            committer: signature, isSigned: plan.commit?.isSigned ?? false)
    }

    private func move(_ branch: String, from old: ObjectID, to new: ObjectID) throws {
        if let path = repository.checkedOutPath(ofBranch: branch) {
            guard try repository.isClean(checkout: path), try repository.branchTip(branch) == old else {
                throw LandError.checkoutInUse(branch: branch, path: path, integration: plan.integration)
            }
            try repository.fastForward(checkout: path, of: branch, to: new)
            return CrashPoint.moved.pass()
        }
        do {
            try repository.compareAndSwap(
                reference: "refs/heads/\(branch)", from: old, to: new,
                reason: "orchestrate: land \(plan.integration)")
            CrashPoint.moved.pass()
        } catch GitError.moved {
            throw LandError.overtaken(branch: branch)
        }
    }
}
