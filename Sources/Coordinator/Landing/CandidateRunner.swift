import Git
import Model
import Verification

/// Builds a candidate in memory and has its exact tree checked.
struct CandidateRunner {
    let context: RunContext
    let builds: CandidateBuilds

    /// Names of failing tests that a failure repeats.
    private static let mostTests = 50

    /// What a candidate is made of.
    struct Candidate: Sendable {
        let number: Int
        /// The attempts to put on the tip, in candidate.
        let verified: [Fact.AttemptVerified]
        /// Where the integration branch is.
        let tip: ObjectID
        /// The candidate to build on as if it had landed; nil for the tip.
        let after: Int?
        /// Verdicts on the tree that are known already do not answer.
        let isFresh: Bool
    }

    /// - Returns: the verdict; nil if it was cancelled, or if the candidate before it could not be built.
    func check(_ candidate: Candidate) async -> Fact? {
        var base = candidate.tip
        if let before = candidate.after {
            guard let built = await builds.built(before) else {
                builds.finish(candidate.number, nil)
                return nil
            }
            base = built.commit
        }
        let start = ContinuousClock.now
        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
        func failed(_ task: TaskID?, _ failure: Failure, checks: [CheckResult] = []) -> Fact {
            .candidateFailed(
                .init(
                    candidate: candidate.number, tip: base, task: task, failure: failure, checks: checks,
                    seconds: seconds))
        }
        do {
            let built = try await build(candidate, on: base)
            let verdict = try await verdict(candidate, built)
            if let failure = try await failure(of: verdict, candidate, on: base) {
                let task = candidate.verified.count == 1 ? candidate.verified[0].task : nil
                return failed(task, failure, checks: verdict.results)
            }
            return .candidatePassed(
                .init(
                    candidate: candidate.number, tip: base, commits: built.commits, tree: built.tree,
                    checks: verdict.results, seconds: seconds))
        } catch is CancellationError {
            return nil
        } catch let conflict as CandidateBuild.Conflict {
            return failed(conflict.task, conflict.failure)
        } catch {
            return failed(candidate.verified.first?.task, Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }

    private func build(_ candidate: Candidate, on base: ObjectID) async throws -> CandidateBuild.Result {
        let (register, observer) = (context.register, context.observer)
        do {
            let built = try await context.git { git in
                try CandidateBuild(git: git, register: register, observer: observer).make(candidate.verified, on: base)
            }
            builds.finish(candidate.number, .init(commit: built.commits.last?.commit ?? base, tree: built.tree))
            return built
        } catch {
            builds.finish(candidate.number, nil)
            throw error
        }
    }

    private func verdict(_ candidate: Candidate, _ built: CandidateBuild.Result) async throws -> CommitVerdict {
        guard let last = built.commits.last, let task = context.register[last.task] else {
            return CommitVerdict(results: [])
        }
        let checks = context.checks.stage(of: task)
        if !checks.rules.landing.isEmpty {
            for attempt in candidate.verified { context.observer.entered(.checkingCandidate, task: attempt.task) }
        }
        return try await context.commitCheck(of: task, logs: "\(candidate.number)").verdict(
            checks.rules.landing, on: .init(commit: last.commit, tree: built.tree, isFresh: candidate.isFresh))
    }

    private func failure(of verdict: CommitVerdict, _ candidate: Candidate, on base: ObjectID) async throws -> Failure?
    {
        // A check that did not come to an end says nothing about the tree.
        if let fault = verdict.fault { return fault }
        // Whether the task or what landed since is to blame is decided from the verdict on the task's own commit.
        guard var failure = verdict.failure(.landingCheck) else { return nil }
        if candidate.verified.count == 1, candidate.verified[0].base != base {
            let others = try await landed(since: candidate.verified[0].base, to: base)
            if !others.isEmpty { failure.detail += "\n\nlanded since its base:\n\(others)" }
        }
        failure.places += Set(verdict.results.flatMap(\.failedTests)).sorted().prefix(Self.mostTests)
        return failure
    }

    private func landed(since base: ObjectID, to tip: ObjectID) async throws -> String {
        try await context.git { (git) throws(GitError) in try git.landed(from: base, to: tip, touching: nil) }
    }
}

extension RunContext {
    /// The landing check of commits that end with a task's.
    /// - Parameter logs: name of the folder for the logs.
    func commitCheck(of task: MigrationTask, logs: String) -> CommitCheck {
        CommitCheck(
            checks: checks.stage(of: task).runner, slots: slots.landing, run: run, task: task.id,
            logs: logFolder(logs))
    }
}
