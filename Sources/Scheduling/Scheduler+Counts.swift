package import Model

extension Scheduler {
    /// Tasks in each state, without the ends of stages, which are no work.
    package var workCounts: [TaskState: Int] {
        var work = counts
        for gate in gates { work[entries[gate].state, default: 0] -= 1 }
        return work.filter { $0.value > 0 }
    }
}
