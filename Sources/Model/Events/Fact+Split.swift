extension Fact {
    /// A proposal as the coordinator received it. The scheduler decides about it.
    package struct SplitProposed: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        /// Name of the request's file in the outbox of the job.
        package var request: String
        package var proposal: SplitProposal

        package init(task: TaskID, attempt: Int, request: String, proposal: SplitProposal) {
            self.task = task
            self.attempt = attempt
            self.request = request
            self.proposal = proposal
        }
    }

    /// The end of an attempt whose task was split. It is no failure, and its changes are dropped.
    package struct AttemptSplit: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var worker: String
        package var base: ObjectID?
        package var seconds: Double
        /// nil if the worker reports none.
        package var usage: Usage?

        package init(
            task: TaskID, attempt: Int, worker: String, base: ObjectID?, seconds: Double, usage: Usage? = nil
        ) {
            self.task = task
            self.attempt = attempt
            self.worker = worker
            self.base = base
            self.seconds = seconds
            self.usage = usage
        }
    }

    /// The attempt that the fact ends; nil if it ends none.
    package var endedAttempt: (task: TaskID, attempt: Int)? {
        switch self {
        case .attemptSplit(let end): (end.task, end.attempt)
        case .foundDone(let end): (end.task, end.attempt)
        case .attemptVerified(let end): (end.task, end.attempt)
        case .attemptFailed(let end): (end.task, end.attempt)
        default: nil
        }
    }

    /// The same end of an attempt as that of one whose task was split; nil if the fact ends no attempt.
    package var asSplit: Fact? {
        switch self {
        case .attemptSplit: self
        case .foundDone(let end):
            .attemptSplit(
                .init(
                    task: end.task, attempt: end.attempt, worker: "", base: end.base, seconds: end.seconds,
                    usage: end.usage))
        case .attemptVerified(let end):
            .attemptSplit(
                .init(
                    task: end.task, attempt: end.attempt, worker: end.worker, base: end.base, seconds: end.seconds,
                    usage: end.usage))
        case .attemptFailed(let end):
            .attemptSplit(
                .init(
                    task: end.task, attempt: end.attempt, worker: end.worker, base: end.base, seconds: end.seconds,
                    usage: end.usage))
        default: nil
        }
    }
}
