import HeapModule

/// The tasks that may start, in one heap per provider: a provider in a cooldown delays only its own tasks.
struct ReadyQueue: Sendable {
    /// A short list in order of first use, so that nothing depends on hashing.
    private var heaps: [(provider: String, tasks: Heap<ReadyTask>)] = []

    mutating func insert(_ task: ReadyTask, provider: String) {
        if let place = heaps.firstIndex(where: { $0.provider == provider }) {
            heaps[place].tasks.insert(task)
        } else {
            heaps.append((provider, [task]))
        }
    }

    /// Removes and returns the task to start next among the tasks of open providers.
    mutating func popFirst(isOpen: (String) -> Bool) -> ReadyTask? {
        var best: (place: Int, task: ReadyTask)?
        for place in heaps.indices {
            guard let task = heaps[place].tasks.max, isOpen(heaps[place].provider) else { continue }
            if best.map({ $0.task < task }) ?? true { best = (place, task) }
        }
        return best.flatMap { heaps[$0.place].tasks.popMax() }
    }
}

/// A task that may start. The greatest one starts first.
struct ReadyTask: Comparable, Sendable {
    let index: Int
    /// An entry whose ticket is older than the task's is ignored.
    let ticket: Int
    /// 0, or higher for a task that a person wants sooner.
    let urgency: Int
    /// The place in the order of landing of a task that collided; nil for other tasks.
    let redo: Int?
    let priority: Double

    /// Orders by urgency, then collided tasks in the order of landing because others wait for them, then the length of the
    /// chain of dependents, then the order of the plan.
    static func < (a: ReadyTask, b: ReadyTask) -> Bool {
        if a.urgency != b.urgency { return a.urgency < b.urgency }
        if a.redo != b.redo { return a.redo ?? .max > b.redo ?? .max }
        if a.priority != b.priority { return a.priority < b.priority }
        return a.index > b.index
    }
}
