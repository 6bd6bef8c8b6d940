extension Fact {
    /// What one attempt has used since it began, told while it runs.
    package struct UsageTold: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var usage: Usage

        package init(task: TaskID, attempt: Int, usage: Usage) {
            self.task = task
            self.attempt = attempt
            self.usage = usage
        }
    }

    /// Which of the waits that were decided is over.
    package enum WaitOver: Codable, Sendable, Equatable {
        /// Between this attempt at a task and the next one.
        case retry(task: TaskID, attempt: Int)
        /// The cooldown of a provider that was decided with this number.
        case cooldown(provider: String, number: Int)
        /// Between two candidates, after a fault of the machine.
        case landing(number: Int)
    }

    package struct LimitsChanged: Codable, Sendable, Equatable {
        package var budget: Budget
        package var checkpoints: [Checkpoint]

        package init(budget: Budget, checkpoints: [Checkpoint]) {
            self.budget = budget
            self.checkpoints = checkpoints
        }
    }
}
