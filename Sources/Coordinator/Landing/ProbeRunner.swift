import Git
import Model

/// Runs the landing checks on a commit that is no candidate, to learn what the failure of a task means.
struct ProbeRunner {
    let context: RunContext

    /// - Returns: the verdict; nil if it was cancelled.
    func run(_ probe: Decision.Probe) async -> Fact? {
        let start = ContinuousClock.now
        func probed(_ outcome: Fact.Probed.Outcome, _ failure: Failure?, _ checks: [CheckResult] = []) -> Fact {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return .probed(.init(probe, outcome: outcome, failure: failure, checks: checks, seconds: seconds))
        }
        guard let task = context.register[probe.task] else { return nil }
        do {
            let tree = try await context.git { (git) throws(GitError) in try git.repository.treeOf(probe.commit) }
            let logs = "\(probe.subject.rawValue)-\(probe.commit.short)"
            let verdict = try await context.commitCheck(of: task, logs: logs).verdict(
                context.checks.stage(of: task).rules.landing,
                on: .init(commit: probe.commit, tree: tree, isFresh: probe.isRecheck))
            if let fault = verdict.fault { return probed(.unknown, fault, verdict.results) }
            let failure = verdict.failure(.landingCheck)
            return probed(failure == nil ? .passed : .failed, failure, verdict.results)
        } catch is CancellationError {
            return nil
        } catch {
            return probed(.unknown, Failure(kind: .infrastructure, summary: "\(error)"))
        }
    }
}
