package import Model

/// Who watches a run while it goes on; called from several threads.
package protocol RunObserver: Sendable {
    /// Before anything is done. `events` is the log of earlier coordinators of the run.
    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], endedLeftovers: Int)
    /// After it is in the store.
    func happened(_ bodies: [LoggedEvent.Body], at time: Timestamp)
    /// What an attempt, or the check of a candidate, is busy with.
    func entered(_ phase: RunPhase, task: TaskID)
}

/// What is being done for a task at the moment.
package enum RunPhase: String, Sendable {
    case preparing
    case checkingDone = "checking whether it is done"
    case working
    case verifying
    case merging
    case landing
}
