import Model

/// Tasks of one candidate, with all that they may have to do with.
///
/// Two tasks are apart when the paths they change differ, no test reaches both, and no task needs both. Then each check
/// looks at the work of one of them at most, as far as the graph knows.
struct Company {
    private(set) var tasks: [Scheduler.Index]
    private var paths: Set<String> = []
    private var dependents: Set<Scheduler.Index> = []

    /// Dependents that are looked at; a task with more is taken to have to do with everything.
    private static let most = 200

    init(_ first: Scheduler.Index, _ scheduler: Scheduler) {
        tasks = []
        add(first, scheduler)
    }

    func isApart(_ index: Scheduler.Index, _ scheduler: Scheduler) -> Bool {
        guard let reach = Self.dependents(of: index, scheduler) else { return false }
        return Self.paths(of: index, scheduler).allSatisfy { !paths.contains($0) } && dependents.isDisjoint(with: reach)
    }

    mutating func add(_ index: Scheduler.Index, _ scheduler: Scheduler) {
        tasks.append(index)
        paths.formUnion(Self.paths(of: index, scheduler))
        dependents.formUnion(Self.dependents(of: index, scheduler) ?? [])
    }

    private static func paths(of index: Scheduler.Index, _ scheduler: Scheduler) -> [String] {
        let entry = scheduler.entries[index]
        return entry.task.files + entry.task.tests + (entry.verified?.changes.map(\.path) ?? [])
    }

    /// Everything that needs the task, directly or not, but for the ends of stages, which need all.
    private static func dependents(of index: Scheduler.Index, _ scheduler: Scheduler) -> Set<Scheduler.Index>? {
        var found: Set<Scheduler.Index> = []
        var stack = [index]
        while let next = stack.popLast() {
            for dependent in scheduler.entries[next].dependents where !scheduler.entries[dependent].task.isGate {
                if found.insert(dependent).inserted { stack.append(dependent) }
            }
            if found.count > most { return nil }
        }
        return found
    }
}
