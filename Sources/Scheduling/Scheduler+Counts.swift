package import Model

extension Scheduler {
    /// Tasks in each state, without the ends of stages, which are no work.
    package var workCounts: [TaskState: Int] {
        var work = counts
        for entry in entries where entry.task.isGate { work[entry.state, default: 0] -= 1 }
        return work.filter { $0.value > 0 }
    }
}
