package import Model

/// An observer of a run. It is called from several threads.
package protocol RunObserver: Sendable {
    /// Called before any work starts.
    /// - Parameters:
    ///   - events: the run's log so far.
    ///   - leftovers: number of processes of an earlier coordinator that were ended.
    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int)
    /// Called after the events are in the store.
    /// - Parameter counts: the number of tasks in each state.
    func happened(_ events: [LoggedEvent], counts: [TaskState: Int])
    /// Called when an attempt at a task, or the check of its candidate, enters a phase.
    func entered(_ phase: RunPhase, task: TaskID)
}
