import Git
import Model
import Verification

/// A runner that builds a candidate in memory and checks its exact tree.
struct CandidateRunner {
    let context: RunContext
    let builds: CandidateBuilds
    let turns: WholeTurns

    /// Maximum number of failing tests that a failure lists.
    private static let mostTests = 50

    /// The parts of a candidate.
    struct Candidate: Sendable {
        let number: Int
        /// The attempts to merge onto the tip, in order.
        let verified: [Fact.AttemptVerified]
        /// The tip of the integration branch.
        let tip: ObjectID
        /// The candidate to build on as if it had landed; nil for the tip.
        let after: Int?
        /// Whether known verdicts on the tree are ignored.
        let isFresh: Bool
    }

    /// Builds and checks a candidate.
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
            let verdict = try await counted(try await verdict(candidate, built), of: candidate, built: built)
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
        let (register, observer, number) = (context.register, context.observer, candidate.number)
        do {
            let built = try await context.git { git in
                git.repository.awaitCollection()
                let built = try CandidateBuild(git: git, register: register, observer: observer).make(
                    candidate.verified, on: base)
                if let last = built.commits.last { try git.hold(last.commit, for: .candidate(number)) }
                return built
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
        let list = try await list(checks.rules.landing, of: candidate, stage: task.stage)
        return try await context.commitCheck(of: task, logs: "\(candidate.number)").verdict(
            list,
            on: .init(commit: last.commit, tree: built.tree, isFresh: candidate.isFresh))
    }

    /// Returns the landing checks to run on a candidate. An `affected` check is left out or gets only the tests that reach the
    /// change, unless all checks run whole this time.
    private func list(_ checks: [Check], of candidate: Candidate, stage: Int) async throws -> [Check] {
        guard let most = checks.compactMap(\.affected?.wholeEvery).min(),
            !turns.isWhole(
                .init(number: candidate.number, after: candidate.after, stage: stage, tasks: candidate.verified.count),
                every: most)
        else { return checks }
        let work = candidate.verified.compactMap { verified in
            context.register[verified.task].map { (task: $0, changed: verified.changes.map(\.path)) }
        }
        guard work.count == candidate.verified.count, try await wereInBase(work.flatMap(\.changed)) else {
            return checks
        }
        return AffectedSelection(work).checks(of: checks)
    }

    /// Returns whether files were in the base of the run. The graph knows no others.
    private func wereInBase(_ paths: [String]) async throws -> Bool {
        try await context.git { [base = context.base] (git) throws(GitError) in
            let tree = try git.repository.treeOf(base)
            for path in paths where try git.repository.entry(path, inTree: tree) == nil { return false }
            return true
        }
    }

    private func failure(of verdict: CommitVerdict, _ candidate: Candidate, on base: ObjectID) async throws -> Failure?
    {
        // A check that did not finish says nothing about the tree.
        if let fault = verdict.fault { return fault }
        // The verdict on the task's own commit decides whether the task is the cause or what landed since.
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
    /// Returns the landing check for commits of which the last belongs to a task.
    /// - Parameter logs: name of the folder for the logs.
    func commitCheck(of task: MigrationTask, logs: String) -> CommitCheck {
        CommitCheck(
            checks: checks.stage(of: task).runner, slots: slots.landing, run: run, task: task.id,
            logs: logFolder(logs), setup: checks.stage(of: task).stage.setup, elsewhere: checks.setup.elsewhere)
    }
}
