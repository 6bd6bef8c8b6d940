/// A commit whose landing checks say what the failure of a task means.
package enum ProbeSubject: String, Codable, Sendable {
    /// The task's own commit, on the base that it was made on.
    case own
    /// The tip, which the candidate of the task was built on.
    case tip
}

extension Decision {
    /// A request to run the landing checks on a commit that is no candidate.
    package struct Probe: Codable, Sendable, Equatable {
        package var subject: ProbeSubject
        /// The task whose failure is in question; its stage has the checks.
        package var task: TaskID
        package var attempt: Int
        package var commit: ObjectID
        package var reason: String
        /// Whether a stored verdict must not answer.
        package var isRecheck: Bool

        package init(
            _ subject: ProbeSubject, task: TaskID, attempt: Int, commit: ObjectID, reason: String,
            isRecheck: Bool = false
        ) {
            self.subject = subject
            self.task = task
            self.attempt = attempt
            self.commit = commit
            self.reason = reason
            self.isRecheck = isRecheck
        }
    }
}

extension Fact {
    /// The result of a probe.
    package struct Probed: Codable, Sendable, Equatable {
        package enum Outcome: String, Codable, Sendable {
            case passed
            case failed
            /// A check did not run to its end.
            case unknown
        }

        package var subject: ProbeSubject
        package var task: TaskID
        package var attempt: Int
        package var commit: ObjectID
        package var outcome: Outcome
        /// nil if it passed.
        package var failure: Failure?
        package var checks: [CheckResult]
        package var seconds: Double

        package init(
            _ probe: Decision.Probe, outcome: Outcome, failure: Failure? = nil, checks: [CheckResult] = [],
            seconds: Double
        ) {
            subject = probe.subject
            task = probe.task
            attempt = probe.attempt
            commit = probe.commit
            self.outcome = outcome
            self.failure = failure
            self.checks = checks
            self.seconds = seconds
        }
    }
}
