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

    /// A worker that waits for the first answer to another one, so that the provider has cached what their prompts share.
    package struct WorkerHeld: Codable, Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        /// The task whose worker was started first.
        package var behind: TaskID
        /// The longest wait.
        package var seconds: Double
        /// The reviewer that waits; nil for the attempt's own worker.
        package var reviewer: String?

        package init(task: TaskID, attempt: Int, behind: TaskID, seconds: Double, reviewer: String? = nil) {
            self.task = task
            self.attempt = attempt
            self.behind = behind
            self.seconds = seconds
            self.reviewer = reviewer
        }

        package var reason: String {
            (reviewer.map { "reviewer '\($0)'" } ?? "the worker")
                + " waits up to \(seconds.whole) s for the first answer to \(behind): then the provider has cached what "
                + "both prompts share"
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
