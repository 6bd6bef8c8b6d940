import HeapModule

/// The tasks that may start, apart for each provider of workers, since a provider that cools down holds up its own.
struct ReadyQueue: Sendable {
    /// Few; in the order in which they were met, so that nothing depends on hashing.
    private var heaps: [(provider: String, tasks: Heap<ReadyTask>)] = []

    mutating func insert(_ task: ReadyTask, provider: String) {
        if let place = heaps.firstIndex(where: { $0.provider == provider }) {
            heaps[place].tasks.insert(task)
        } else {
            heaps.append((provider, [task]))
        }
    }

    /// Takes out the task to start next among those of open providers.
    mutating func popFirst(isOpen: (String) -> Bool) -> ReadyTask? {
        var best: (place: Int, task: ReadyTask)?
        for place in heaps.indices {
            guard let task = heaps[place].tasks.max, isOpen(heaps[place].provider) else { continue }
            if best.map({ $0.task < task }) ?? true { best = (place, task) }
        }
        return best.flatMap { heaps[$0.place].tasks.popMax() }
    }
}

/// A task that may start, ordered by what should start first.
struct ReadyTask: Comparable, Sendable {
    let index: Int
    /// An entry with an older ticket than the task's is void.
    let ticket: Int
    /// 0, or higher for a task that a person wants sooner.
    let urgency: Int
    /// Of a task that collided: its place in the order of landing.
    let redo: Int?
    let priority: Double

    /// What a person wants; then a task that collided, since others wait for it, the one that is to land first before
    /// the others; then the longest chain; then the plan's order.
    static func < (a: ReadyTask, b: ReadyTask) -> Bool {
        if a.urgency != b.urgency { return a.urgency < b.urgency }
        if a.redo != b.redo { return a.redo ?? .max > b.redo ?? .max }
        if a.priority != b.priority { return a.priority < b.priority }
        return a.index > b.index
    }
}
