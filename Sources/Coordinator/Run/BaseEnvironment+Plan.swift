import Jobs
import Model

extension BaseEnvironment {
    /// The values that must not leave any job of a plan: what one worker is given, another may have been told.
    ///
    /// - Parameter slots: absolute path of the folder that holds the plan's slots.
    func redaction(of plan: Plan, slots: String) -> Redaction {
        let reviewers = (plan.review?.reviewers ?? []) + plan.stages.flatMap(\.verify.doneReviewers)
        let workers = (plan.workers.ladder + plan.stages.flatMap(\.ladder)).map(\.worker) + reviewers.map(\.worker)
        let rules = [plan.verify] + plan.stages.map(\.verify)
        let checks = rules.flatMap { $0.done + $0.task + $0.landing }
        let entries =
            plan.workers.environment + workers.flatMap(\.environment) + rules.flatMap(\.environment)
            + checks.flatMap(\.environment)
        // One entry after the other, because a later one of the same name would hide the value of an earlier one.
        return Redaction(
            environment(place: nil).secrets + entries.flatMap { environment(own: [$0], place: nil).secrets },
            paths: SlotPaths(folder: slots))
    }
}

extension Failure {
    /// The failure without the values that must not leave a job, and without control characters.
    func redacted(by redaction: Redaction) -> Failure {
        var failure = self
        failure.summary = OutsideText.line(redaction.text(summary))
        failure.detail = OutsideText.lines(redaction.text(detail))
        failure.places = places.map(redaction.text)
        return failure
    }
}

extension CheckResult {
    /// The result without the values that must not leave a job, and without control characters.
    func redacted(by redaction: Redaction) -> CheckResult {
        var result = self
        result.digest = OutsideText.lines(redaction.text(digest))
        result.failedTests = failedTests.map { OutsideText.line(redaction.text($0)) }
        return result
    }
}
