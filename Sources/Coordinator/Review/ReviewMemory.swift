import Jobs
import Model
import Verification

/// A cache of reviewers' verdicts. A verdict is reused if the same reviewer would get the same question again.
struct ReviewMemory: Sendable {
    let plan: Plan
    let environment: BaseEnvironment
    let cache: VerdictCache

    /// Returns the cache key of a verdict: the subject, the prompt, the worker, and the variables that the plan gives
    /// it, including the model's name. Keys and tokens are left out, because they do not change a model's answer.
    ///
    /// - Parameters:
    ///   - subject: the Git ids of the judged content.
    ///   - prompt: the prompt without any text that differs between jobs.
    func key(of reviewer: Reviewer, on subject: [String], prompt: String) -> String {
        let worker = reviewer.worker
        let given = environment.environment(general: plan.workers.environment, own: worker.environment, place: nil)
        let secret = Set(given.secrets.map(\.name))
        let variables = given.plannedNames.filter { !secret.contains($0) }.map { "\($0)=\(given.variables[$0] ?? "")" }
        return VerdictCache.reviewKey(
            [worker.name, worker.run, worker.prompt.rawValue, prompt, "\(subject.count)"] + subject + variables)
    }

    /// Returns the known verdict; nil if the reviewer has to be asked.
    func verdict(_ key: String, of reviewer: Reviewer) -> CheckResult? {
        var known = cache.review(key)
        known?.name = reviewer.checkName
        return known
    }

    func keep(_ result: CheckResult, _ key: String, tree: ObjectID) {
        cache.add([Verdict(key: key, tree: tree, isClean: false, runs: 1, result: result)])
    }
}

extension Reviewer {
    /// The name of the reviewer's verdicts among check results.
    var checkName: String { CheckResult.reviewPrefix + name }
}
