package import Model

/// Who watches a run while it goes on; called from several threads.
package protocol RunObserver: Sendable {
    /// Before anything is done.
    /// - Parameters:
    ///   - events: the run's log so far.
    ///   - leftovers: processes of an earlier coordinator that had to be ended.
    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int)
    /// After the events are in the store.
    /// - Parameter counts: tasks in each state.
    func happened(_ events: [LoggedEvent], counts: [TaskState: Int])
    /// What an attempt, or the check of a candidate, is busy with.
    func entered(_ phase: RunPhase, task: TaskID)
}
