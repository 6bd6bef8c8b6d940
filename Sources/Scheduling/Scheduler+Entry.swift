import Model

extension Scheduler {
    /// What the scheduler knows of one task.
    struct Entry: Sendable {
        let task: MigrationTask
        var state: TaskState = .waiting
        /// Dependencies that are not done yet.
        var missing = 0
        var dependents: [Index] = []
        /// Weight of the longest chain of dependents that this task opens, itself included.
        var priority = 0.0
        /// Attempts started so far, with any result.
        var attempts = 0

        var rung = 0
        /// Failures on this rung that the work is to blame for.
        var failuresOnRung = 0
        /// Fingerprint of the last failure on this rung.
        var lastFailure: UInt64?
        /// Faults of the machine in a row.
        var infrastructureFaults = 0
        /// Refusals by a provider in a row.
        var refusals = 0
        var collisions = 0

        /// Number of its valid entry in the ready queue.
        var ticket = 0
        /// It is ready, and the wait before its next attempt is not over.
        var isDelayed = false
        var urgency = 0
        /// What a person wants of the next attempt.
        var request: RetryRequest?
        /// A person's command to carry out once the running attempt has ended.
        var afterAttempt: AfterAttempt?
        /// The failed or skipped task that blocks this one.
        var blockedBy: Index?
        /// It is verified and waits for a person's approval to land.
        var awaitsApproval = false
        /// The running attempt.
        var current = RunningAttempt()

        /// Position in the order of landing, kept when the task has to be done again.
        var place: Int?
        /// The candidate that its last attempt was begun on, if that had not landed yet.
        var begunOn: Int?
        /// Paths that collided with what landed, while the task is done again because of it.
        var collidedPaths: Set<String> = []
        var verified: Fact.AttemptVerified?
        /// The evidence on which its present commit failed, while it waits for a second check.
        var doubted: LandingStatistics.Evidence?
        /// Its verified commit passed the landing checks on its own base, so that a failure alone is a collision.
        var passedAlone = false
        /// The task it was last said to wait behind in the landing queue.
        var waitsBehind: Index?
        /// It failed because a question of its worker had no answer.
        var awaitsAnswer = false
        /// Its work is kept, and only the reviewers have to be asked.
        var awaitsReview = false
        /// Its commit is to be taken back.
        var isBeingReverted = false
        /// Why it takes commits back, if it does.
        var revertReason = ""
        /// The provider that refused the reviewer, while the work is kept.
        var reviewProvider: String?
        /// The parts into which it was split. Those that are not settled count as `missing`.
        var parts: [Index] = []
        /// The task of which it is a part.
        var parent: Index?
        /// How often the plan's task was divided to get this one.
        var depth = 0
    }

    enum AfterAttempt: Sendable { case skip, again }

    /// State of a running attempt.
    struct RunningAttempt: Sendable {
        /// The provider of its worker.
        var provider = ""
        /// A worker was started; before that only the `done` checks run.
        var hasWorker = false
        var isEnding = false
        /// Its task was split, so whatever it ends with is dropped.
        var hasSplit = false
        var tokens = 0
        var usd = 0.0
        var requests = 0
    }

    /// One rung of a ladder.
    struct Step: Sendable {
        let attempts: Int
        let provider: String
        let budget: AttemptBudget?

        init(_ rung: Rung) {
            attempts = max(1, rung.attempts)
            provider = rung.worker.providerName
            budget = rung.budget
        }
    }
}
