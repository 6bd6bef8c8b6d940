/// What the scheduler wants done, or says of a task; each bears its reason.
package enum Decision: Codable, Sendable, Equatable {
    /// Start an attempt on the tip, or on candidate `after`, which has not landed yet; `order` is what a person wants
    /// of it.
    case start(task: TaskID, attempt: Int, rung: Int, reason: String, order: RetryRequest? = nil, after: Int? = nil)
    /// Build the candidate from these tasks, in order, on the tip or on candidate `after`, which has not landed yet,
    /// and run the landing checks on it. `again` for a tree that may have failed before: a verdict that is known
    /// already does not answer.
    case check(candidate: Int, tasks: [TaskID], after: Int?, reason: String, again: Bool? = nil)
    /// The candidate is no more; its tasks go back to their place in the landing queue.
    case dissolve(candidate: Int, reason: String)
    /// Move the integration branch to the last of the candidate's commits.
    case land(candidate: Int, commits: [Fact.Landed.Commit])
    /// Make the integration branch again on this base, and check it there.
    case follow(base: ObjectID)
    /// Move the integration branch onto its new base.
    case adopt(Fact.Rebased)
    /// The task is to be done again, not before `after` seconds have passed.
    case retry(task: TaskID, reason: String, after: Double? = nil)
    /// The task is given up.
    case fail(task: TaskID, reason: String)
    /// The task cannot start as long as `cause` is set aside.
    case block(task: TaskID, cause: TaskID)
    /// A verified task waits although the landing queue is free.
    case wait(task: TaskID, reason: String)
    /// Run the checks of `verify.final` on the tip.
    case checkFinal
    /// Nothing is left to do.
    case finish
    /// No worker of this provider is started before the seconds have passed. A higher number replaces a lower one.
    case cooldown(provider: String, number: Int, seconds: Double, reason: String)
    /// The machine failed on a candidate: no other one is checked before the seconds have passed.
    case pauseLanding(number: Int, seconds: Double, reason: String)
    /// End the attempt under way; it fails with this.
    case end(task: TaskID, attempt: Int, failure: Failure)
    /// No further attempt is started in this coordinator's life; what is under way may end and land.
    case drain(reason: String)
    /// No further attempt is started before a person says so; what is under way may end and land.
    case pause(reason: String)
    /// What `pause` held up goes on.
    case proceed(reason: String)
    /// Nothing can go on without a person, and none is there: the coordinator ends, and `resume` goes on.
    case suspend(reason: String)
    /// End all workers now, and then the coordinator.
    case stop(reason: String)
    /// What became of a person's command.
    case answer(command: String, isAccepted: Bool, text: String)
}

/// A row of the event log.
package struct LoggedEvent: Codable, Sendable, Equatable {
    package enum Body: Codable, Sendable, Equatable {
        case fact(Fact)
        case decision(Decision)
    }

    /// Counted from 1 over all runs of a store, without gaps.
    package var sequence: Int64
    package var run: RunID
    package var time: Timestamp
    package var body: Body

    package init(sequence: Int64, run: RunID, time: Timestamp, body: Body) {
        self.sequence = sequence
        self.run = run
        self.time = time
        self.body = body
    }
}

/// The name of a run: `<plan>-<number>`, counted per plan from 1.
package struct RunID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }
}
