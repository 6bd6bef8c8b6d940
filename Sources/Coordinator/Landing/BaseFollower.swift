import Git
import Model

/// A follower of the base: it rebases the integration branch onto new commits of the base in memory, and runs the
/// landing checks on the result.
struct BaseFollower {
    let context: RunContext

    /// Seconds between two looks at the base.
    private static let interval = 2.0

    /// Reports each new commit of the base until cancelled.
    func watch(from known: ObjectID, _ report: @Sendable (ObjectID) -> Void) async {
        var last = known
        while !Task.isCancelled {
            // A branch that cannot be read now may be readable at the next look.
            let found = try? await context.git { (git) throws(GitError) in
                try git.repository.resolve(git.plan.base)
            }
            if let found, found != last {
                last = found
                report(found)
            }
            try? await Task.sleep(for: .seconds(Self.interval))
        }
    }

    /// Rebases the integration branch onto a new base and checks the result.
    /// - Returns: `rebased` or `kept`; nil if it was cancelled.
    func follow(_ base: ObjectID, from tip: ObjectID) async -> Fact? {
        do {
            guard let steps = try await steps(onto: base, from: tip) else {
                return .base(.kept(refused: base, reason: "it has no new commits"))
            }
            if let failure = try await failure(of: steps) {
                return .base(.kept(refused: base, reason: "on it, \(failure.summary)"))
            }
            try await context.git { git in
                try CommitTransplant(repository: git.repository, plan: git.plan).keepNotes(steps)
            }
            let commits = steps.compactMap { step in
                step.task.map { Fact.Landed.Commit(task: $0, commit: step.commit) }
            }
            return .base(
                .rebased(.init(base: base, from: tip, tip: steps.last?.commit ?? base, commits: commits)))
        } catch let conflict as CommitTransplant.Conflict {
            let paths = conflict.paths.joined(separator: ", ")
            return .base(
                .kept(refused: base, reason: "it changes the same lines as '\(conflict.commit.subject)': \(paths)"))
        } catch is CancellationError {
            return nil
        } catch {
            return .base(.kept(refused: base, reason: "\(error)"))
        }
    }

    /// - Returns: nil if the base has no new commits.
    private func steps(onto base: ObjectID, from tip: ObjectID) async throws -> [CommitTransplant.Step]? {
        try await context.git { git in
            if try git.repository.isAncestor(base, of: tip) { return nil }
            try? git.repository.fetchMissing(in: base)
            guard let fork = try git.repository.mergeBase(base, tip) else { return nil }
            return try CommitTransplant(repository: git.repository, plan: git.plan).make(
                from: fork, to: tip, onto: base)
        }
    }

    /// Returns the failure of the landing checks on the new base; nil if they pass.
    ///
    /// With `landing.every_commit`, each commit is checked, otherwise only the last one.
    private func failure(of steps: [CommitTransplant.Step]) async throws -> Failure? {
        let looked = context.plan.landing.everyCommit ? steps : Array(steps.suffix(1))
        return try await withThrowingTaskGroup(of: Failure?.self) { group in
            for step in looked { group.addTask { try await failure(of: step) } }
            for try await failure in group {
                guard let failure else { continue }
                group.cancelAll()
                return failure
            }
            return nil
        }
    }

    private func failure(of step: CommitTransplant.Step) async throws -> Failure? {
        guard let task = step.task.flatMap({ context.register[$0] }) else { return nil }
        let check = context.commitCheck(of: task, logs: "base-\(step.commit.short)")
        return try await check.verdict(
            context.checks.stage(of: task).rules.landing, on: .init(commit: step.commit, tree: step.tree)
        ).failure(.landingCheck)
    }

    /// Moves the integration branch and the tasks' branches.
    /// - Returns: `followed`, or `tipMoved` if someone else has added commits to the branch.
    func adopt(_ rebased: Fact.Rebased) async throws -> Fact {
        try await context.git { git in
            switch try git.integration.move(
                from: rebased.from, to: rebased.tip, reason: "\(git.run) follows its base")
            {
            case .overtaken(let found): return .tipMoved(found: found)
            case .moved:
                try git.moveTaskBranches(rebased.commits)
                return .base(.followed(rebased))
            }
        }
    }
}
