extension Fact {
    /// The usage of a running attempt since its start.
    package struct UsageTold: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        /// nil if the worker has told none.
        package var usage: Usage?
        /// Requests to the model since the last report; nil for none.
        package var requests: Int?

        package init(task: TaskID, attempt: Int, usage: Usage?, requests: Int? = nil) {
            self.task = task
            self.attempt = attempt
            self.usage = usage
            self.requests = requests
        }
    }

    /// The wait that has ended.
    package enum WaitOver: Codable, Sendable, Equatable {
        /// Between this attempt at a task and the next one.
        case retry(task: TaskID, attempt: Int)
        /// The cooldown of a provider with this number.
        case cooldown(provider: String, number: Int)
        /// Between two candidates, after an infrastructure fault.
        case landing(number: Int)
    }

    package struct LimitsChanged: Codable, Sendable, Equatable {
        package var budget: Budget
        package var checkpoints: [Checkpoint]
        /// nil for the ones that hold already.
        package var landing: LandingRules?
        /// nil for the one that holds already.
        package var guidance: Guidance?

        package init(
            budget: Budget, checkpoints: [Checkpoint], landing: LandingRules? = nil, guidance: Guidance? = nil
        ) {
            self.guidance = guidance
            self.budget = budget
            self.checkpoints = checkpoints
            self.landing = landing
        }
    }
}
