/// Something the scheduler wants done, or states about a task or the run.
package enum Decision: Codable, Sendable, Equatable {
    /// Start an attempt.
    case start(Start)
    /// Build a candidate and run the landing checks on it.
    case check(Check)
    /// Run the landing checks on a commit that is no candidate, to learn what a failure means.
    case probe(Probe)
    /// Drop a candidate. Its tasks return to their places in the landing queue.
    case dissolve(Dissolve)
    /// Move the integration branch to a candidate that has passed.
    case land(Land)
    /// Rebuild the integration branch on this base and check it there.
    case follow(base: ObjectID)
    /// Move the integration branch onto its new base.
    case adopt(Fact.Rebased)
    /// Try a task again.
    case retry(Retry)
    /// Give a task up.
    case fail(Fail)
    /// Give a task up because a person skipped it.
    case skip(Skip)
    /// Block a task for as long as a dependency stays failed or skipped.
    case block(Block)
    /// Let a verified task wait although the landing queue is free.
    case wait(Wait)
    /// Run the checks of `verify.final` on the tip.
    case checkFinal
    /// End the run: every task has its final state.
    case finish
    /// Start no worker of a provider for a while.
    case cooldown(Cooldown)
    /// Check no candidate for a while, because the machine failed on the last one.
    case pauseLanding(PauseLanding)
    /// End the attempt that is running.
    case end(End)
    /// Start no further attempt while this coordinator runs. Running attempts may end and land.
    case drain(reason: String)
    /// Start no further attempt until a person continues the run. Running attempts may end and land.
    case pause(reason: String)
    /// Continue after `pause`.
    case proceed(reason: String)
    /// End the coordinator, because only a person can help and nobody is there; `resume` goes on.
    case suspend(reason: String)
    /// End all workers now, and then the coordinator.
    case stop(reason: String)
    /// Keep what a person decided about landed commits.
    case reviewed(ReviewDecision)
    /// Add the task that takes landed commits back.
    case revert(Revert)
    /// Answer a person's command.
    case answer(Answer)
    /// Add the parts of a task that its worker has split, or refuse the proposal.
    case split(Split)
    /// Let a task whose attempt ended with a split wait for its parts.
    case join(Join)
    /// Count a part that failed or was blocked as done, because the last turn of its task has done its work.
    case cover(Cover)
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
