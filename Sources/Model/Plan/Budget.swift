/// Limits that stop a run.
package struct Budget: Codable, Sendable, Equatable {
    package var usd: Double?
    package var tokens: Int?
    /// Requests to models. A worker that does not report its requests counts as one.
    package var requests: Int?
    /// Seconds of wall time.
    package var wall: Double?
    /// Seconds of all attempts together, each from the start of its worker to its end.
    package var workerTime: Double?
    /// Bytes of the run's slots and job folders.
    package var disk: Int?
    /// Added plus removed lines of all tasks together.
    package var changedLines: Int?
    /// Number of workers started, whatever their result.
    package var workers: Int?

    package init(
        usd: Double? = nil, tokens: Int? = nil, wall: Double? = nil, disk: Int? = nil, changedLines: Int? = nil,
        workers: Int? = nil, requests: Int? = nil, workerTime: Double? = nil
    ) {
        self.usd = usd
        self.tokens = tokens
        self.requests = requests
        self.workerTime = workerTime
        self.wall = wall
        self.disk = disk
        self.changedLines = changedLines
        self.workers = workers
    }
}

/// Limits on one attempt.
package struct AttemptBudget: Codable, Sendable, Equatable {
    package var usd: Double?
    package var tokens: Int?
    package var requests: Int?
    /// Seconds that the worker may take.
    package var workerTime: Double?

    package init(usd: Double? = nil, tokens: Int? = nil, requests: Int? = nil, workerTime: Double? = nil) {
        self.usd = usd
        self.tokens = tokens
        self.requests = requests
        self.workerTime = workerTime
    }
}

/// A point where the run waits for a person.
package struct Checkpoint: Codable, Sendable, Equatable {
    package enum After: Codable, Sendable, Equatable {
        /// This many tasks of the run have landed or failed.
        case tasks(Int)
        /// Every task of the stage with this name is done.
        case stage(String)
        /// At least this share, between 0 and 1, of the tasks that landed or failed since the last checkpoint has
        /// failed.
        case failureRate(Double)
        /// The run has cost this many US dollars.
        case cost(Double)
    }

    package var after: After

    /// The minimum number of ended tasks for a failure rate. Of three tasks, a single failure would already be a third.
    package static let smallestSample = 5

    package init(after: After) { self.after = after }
}

extension Plan {
    /// Returns whether two plans differ only in budget, checkpoints, landing rules, playbook and examples. None of them
    /// decides whether the work of a task is good, so a run of one can continue as the other.
    package func isSameWork(as other: Plan) -> Bool { isSame(as: other.taking(limitsOf: self)) }

    /// Returns the plan with what may change between two coordinators of one run.
    package func taking(limitsOf other: Plan) -> Plan {
        var plan = self
        plan.budget = other.budget
        plan.checkpoints = other.checkpoints
        plan.notify = other.notify
        plan.landing = other.landing.keeping(slotsOf: landing)
        plan.guidance = other.guidance
        if plan.workers.isParallelOpen == true, other.workers.isParallelOpen == true,
            plan.workers.parallelReason == nil
        {
            plan.workers.maxParallel = other.workers.maxParallel
            plan.workers.parallelReason = other.workers.parallelReason
        }
        // It is used before a run begins only.
        plan.verify.probe = other.verify.probe
        for stage in plan.stages.indices { plan.stages[stage].verify.probe = other.verify.probe }
        return plan
    }
}
