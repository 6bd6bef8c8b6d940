/// Caps that stop a run.
package struct Budget: Codable, Sendable, Equatable {
    package var usd: Double?
    package var tokens: Int?
    /// Seconds of wall time.
    package var wall: Double?
    /// Bytes that the run's slots and job folders may take up.
    package var disk: Int?
    /// Added plus removed lines of all tasks together.
    package var changedLines: Int?
    /// Workers started, whatever becomes of them.
    package var workers: Int?

    package init(
        usd: Double? = nil, tokens: Int? = nil, wall: Double? = nil, disk: Int? = nil, changedLines: Int? = nil,
        workers: Int? = nil
    ) {
        self.usd = usd
        self.tokens = tokens
        self.wall = wall
        self.disk = disk
        self.changedLines = changedLines
        self.workers = workers
    }
}

/// Caps on one attempt.
package struct AttemptBudget: Codable, Sendable, Equatable {
    package var usd: Double?
    package var tokens: Int?

    package init(usd: Double? = nil, tokens: Int? = nil) {
        self.usd = usd
        self.tokens = tokens
    }
}

/// A point at which the run waits for a person.
package struct Checkpoint: Codable, Sendable, Equatable {
    package enum After: Codable, Sendable, Equatable {
        /// This many tasks of the run have landed or been set aside.
        case tasks(Int)
        /// Every task of the stage of this name is green.
        case stage(String)
        /// At least this share, between 0 and 1, of the tasks that landed or were set aside since a person last
        /// looked was set aside.
        case failureRate(Double)
        /// The run has cost this many US dollars.
        case cost(Double)
    }

    package var after: After

    /// Tasks that have to be over before their failure rate says something: of three, one bad task would be a third.
    package static let smallestSample = 5

    package init(after: After) { self.after = after }
}

extension Plan {
    /// Whether two plans differ in nothing but when the run stops and waits, so that a run of one can go on as the other.
    package func isSameWork(as other: Plan) -> Bool {
        var same = other
        same.budget = budget
        same.checkpoints = checkpoints
        return isSame(as: same)
    }
}
