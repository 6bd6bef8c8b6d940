import Jobs
import Model
import Verification

/// The verdicts of reviewers, which answer where the same reviewer would be shown the same again.
struct ReviewMemory: Sendable {
    let plan: Plan
    let environment: BaseEnvironment
    let cache: VerdictCache

    /// By what a verdict is found again: what is judged, the prompt, and the worker with the variables that the plan gives it,
    /// the model's name among them. Keys and tokens do not count: a new one does not change a model's mind.
    ///
    /// - Parameters:
    ///   - subject: the names that Git has for what is judged.
    ///   - prompt: without anything that differs from one job to the next.
    func key(of reviewer: Reviewer, on subject: [String], prompt: String) -> String {
        let worker = reviewer.worker
        let given = environment.environment(general: plan.workers.environment, own: worker.environment, place: nil)
        let secret = Set(given.secrets.map(\.name))
        let variables = given.plannedNames.filter { !secret.contains($0) }.map { "\($0)=\(given.variables[$0] ?? "")" }
        return VerdictCache.reviewKey(
            [worker.name, worker.run, worker.prompt.rawValue, prompt, "\(subject.count)"] + subject + variables)
    }

    /// nil where the reviewer has to be asked.
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
    /// What its verdicts are called among the results of checks.
    var checkName: String { CheckResult.reviewPrefix + name }
}
