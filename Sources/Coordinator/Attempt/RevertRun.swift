import Git
import Jobs
import Model

/// An attempt at a task that takes landed commits back. It needs no worker and no slot: the trees are merged in memory.
struct RevertRun {
    let context: RunContext
    let attempt: Attempt

    private static let worker = "revert"

    func run() async -> Fact? {
        let start = ContinuousClock.now
        do {
            let verified = try await context.git { git in try self.make(git, since: start) }
            CrashPoint.moved.pass()
            return .attemptVerified(verified)
        } catch let failure as Refusal {
            return failed(failure.failure, since: start)
        } catch is CancellationError {
            return nil
        } catch {
            return failed(Failure(kind: .infrastructure, summary: "\(error)"), since: start)
        }
    }

    private struct Refusal: Error {
        var failure: Failure
    }

    private func failed(_ failure: Failure, since start: ContinuousClock.Instant) -> Fact {
        .attemptFailed(
            .init(
                task: attempt.task.id, attempt: attempt.number, worker: Self.worker, base: attempt.base,
                failure: failure, checks: [], seconds: (ContinuousClock.now - start) / .seconds(1)))
    }

    private func make(_ git: RunRepository, since start: ContinuousClock.Instant) throws -> Fact.AttemptVerified {
        let tasks = Set(attempt.task.reverts ?? [])
        let build = RevertBuild(git.repository, landed: attempt.landed)
        switch try build.make(tasks, from: attempt.base) {
        case .conflicts(let paths, let others):
            let names = others.map(\.rawValue).joined(separator: ", ")
            throw Refusal(
                failure: Failure(
                    kind: .cannotBeDone,
                    summary: "conflicts with what landed later in \(paths.joined(separator: ", "))"
                        + (names.isEmpty ? "" : "; reject it together with \(names)"), places: paths))
        case .clean(let tree):
            let changes = try git.repository.diff(from: git.repository.treeOf(attempt.base), to: tree)
            var verified = Fact.AttemptVerified(
                task: attempt.task.id, attempt: attempt.number, worker: Self.worker, commit: attempt.base,
                base: attempt.base, tree: tree,
                changes: changes.map { ChangedPath(path: $0.path, added: $0.added, removed: $0.removed) }, checks: [],
                seconds: (ContinuousClock.now - start) / .seconds(1), reason: reason)
            verified.commit = try git.commit(verified, of: attempt.task, tree: tree, parent: attempt.base)
            try git.moveTaskBranch(attempt.task.id, to: verified.commit)
            return verified
        }
    }

    private var reason: String {
        let tasks = Set(attempt.task.reverts ?? [])
        let commits = attempt.landed.filter { tasks.contains($0.task) }.map(\.commit.short)
        return "This takes back \(commits.joined(separator: ", ")), \(attempt.revertReason ?? "")"
    }
}
