import Model

/// The dependencies and dependents of tasks.
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

    /// Makes a task depend on its parts.
    mutating func join(_ task: TaskID, _ parts: [TaskID]) {
        for part in parts where !dependencies[task, default: []].contains(part) {
            dependencies[task, default: []].append(part)
            dependents[part, default: []].append(task)
        }
    }

    /// Returns the distances of nearby tasks in steps, in either direction.
    /// - Parameter limit: maximum number of steps.
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

    /// Maximum number of tasks that are measured. A task with more neighbours is close to none of them in particular.
    private static let largest = 2000

    /// Returns all direct and indirect dependencies of a task.
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
