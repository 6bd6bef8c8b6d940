package import Git
package import Model
package import Store

/// Everything a coordinator needs to run: the log so far, and the lock that excludes a second coordinator.
package struct PreparedRun: ~Copyable {
    package let run: RunID
    package let started: Fact.RunStarted
    /// The current plan, with the budget and the checkpoints for the rest of the run.
    package let plan: Plan
    /// Facts to store before the run continues.
    package let changes: [Fact]
    /// The run's log from its first fact.
    package let events: [LoggedEvent]
    package let repository: Repository
    package let state: StateFolder
    package let store: EventStore
    package let lock: RunLock
    /// Ids of the commands that were in the control spool before the lock was taken.
    let earlierCommands: Set<String>
    /// Whether an earlier coordinator started the run.
    package let isResumed: Bool
    /// Notes for the person before the run continues, one line each.
    package let notes: [String]
    /// Whether a known verdict on the same tree replaces a check.
    package let answersKnown: Bool
}
