package import Model

extension Scheduler {
    /// Which attempt at a task is started next, and by whom.
    package struct NextAttempt: Sendable, Equatable {
        /// Counted from 1 within the task.
        package var number: Int
        /// Step of the ladder, counted from 0.
        package var rung: Int
        /// What a person wants of it.
        package var request: RetryRequest?

        package init(number: Int, rung: Int, request: RetryRequest? = nil) {
            self.number = number
            self.rung = rung
            self.request = request
        }
    }

    /// The attempt that comes after those that a task has had.
    /// - Returns: nil if the run has no such task.
    package func nextAttempt(at task: TaskID) -> NextAttempt? {
        guard let index = indexOf[task] else { return nil }
        let entry = entries[index]
        return NextAttempt(number: entry.attempts + 1, rung: entry.rung, request: entry.request)
    }
}
