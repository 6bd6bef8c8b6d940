package import Git
package import Model
package import Store

/// Everything a coordinator needs to run: the log so far, and the lock that keeps a second one away.
package struct PreparedRun: ~Copyable {
    package let run: RunID
    package let started: Fact.RunStarted
    /// As it holds now: with the budget and the checkpoints that the run goes on with.
    package let plan: Plan
    /// What is to be written before the run goes on.
    package let changes: [Fact]
    /// The run's log, from its first fact on.
    package let events: [LoggedEvent]
    package let repository: Repository
    package let state: StateFolder
    package let store: EventStore
    package let lock: RunLock
    /// Ids of the commands that lay in the control spool before the lock was taken.
    let earlierCommands: Set<String>
    /// The run was begun by an earlier coordinator.
    package let isResumed: Bool
    /// What the person should know before the run goes on, one line each.
    package let notes: [String]
    /// Whether a verdict on the same tree answers for a check.
    package let answersKnown: Bool
}
