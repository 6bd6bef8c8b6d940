import Model

/// The tasks around a task: what it needs and what needs it.
struct TaskNeighbourhood: Sendable {
    private var dependencies: [TaskID: [TaskID]] = [:]
    private var dependents: [TaskID: [TaskID]] = [:]

    init(_ tasks: [MigrationTask]) { add(tasks) }

    mutating func add(_ tasks: [MigrationTask]) {
        for task in tasks where dependencies[task.id] == nil {
            dependencies[task.id] = task.dependencies
            for dependency in task.dependencies { dependents[dependency, default: []].append(task.id) }
        }
    }

    /// How many steps away tasks are, in either direction.
    /// - Parameter limit: steps that are looked at.
    func distances(from task: TaskID, limit: Int = 3) -> [TaskID: Int] {
        var distances = [task: 0]
        var front = [task]
        for step in 1...max(1, limit) {
            var next: [TaskID] = []
            for id in front {
                for other in dependencies[id, default: []] + dependents[id, default: []]
                where distances[other] == nil && distances.count < Self.largest {
                    distances[other] = step
                    next.append(other)
                }
            }
            front = next
        }
        return distances
    }

    /// Tasks that one is compared with; a task that hundreds need is near to none of them in particular.
    private static let largest = 2000

    /// Everything that a task needs, directly or not.
    func needs(of task: TaskID) -> Set<TaskID> {
        var found: Set<TaskID> = []
        var stack = dependencies[task, default: []]
        while let id = stack.popLast() {
            if found.insert(id).inserted { stack += dependencies[id, default: []] }
        }
        return found
    }

    func hasDependents(_ task: TaskID) -> Bool { !dependents[task, default: []].isEmpty }
}
