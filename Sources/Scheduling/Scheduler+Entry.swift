import Model

extension Scheduler {
    /// What the scheduler knows of one task.
    struct Entry: Sendable {
        let task: MigrationTask
        var state: TaskState = .waiting
        /// Dependencies that are not green yet.
        var missing = 0
        var dependents: [Index] = []
        /// Weight of the longest chain of dependents that this task opens, itself included.
        var priority = 0.0
        /// Attempts started so far, whatever became of them.
        var attempts = 0

        var rung = 0
        /// Attempts on this rung that say something about the work.
        var failuresOnRung = 0
        /// Of the last of these.
        var lastFailure: UInt64?
        /// Faults of the machine in a row.
        var infrastructureFaults = 0
        /// Refusals by a provider in a row.
        var refusals = 0
        var collisions = 0

        /// Of its entry in the ready queue; older ones are void.
        var ticket = 0
        /// It is ready, and the wait before its next attempt is not over.
        var isDelayed = false
        var urgency = 0
        /// What a person wants of the next attempt.
        var order: RetryRequest?
        /// What a person wants to become of it once the attempt under way is over.
        var asked: Asked?
        /// The task that was set aside and holds this one.
        var heldBy: Index?
        /// It is verified, and lands once a person has said so.
        var awaitsApproval = false
        /// Of the attempt under way.
        var current = Current()

        /// Position in the order of landing, kept when the task has to be done again.
        var place: Int?
        /// The candidate that its last attempt was begun on, if that had not landed yet.
        var begunOn: Int?
        /// Paths that collided with what landed, while the task is done again because of it.
        var contested: Set<String> = []
        var verified: Fact.AttemptVerified?
        /// Its present work has failed on this evidence, and is to be checked once more.
        var doubted: LandingStatistics.Evidence?
        /// The task it was last said to wait behind in the landing queue.
        var waitsBehind: Index?
        /// It was set aside because a question of its worker had no answer.
        var isBlocked = false
    }

    enum Asked: Sendable { case skip, again }

    /// What is known of an attempt while it goes on.
    struct Current: Sendable {
        /// Whose worker does it.
        var provider = ""
        /// A worker was started, as opposed to a look at what is done already.
        var hasWorker = false
        var isEnding = false
        var tokens = 0
        var usd = 0.0
    }

    /// One step of a ladder.
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
