import Model

/// A batch of tasks for one candidate that the graph shows to be independent of each other.
///
/// Two tasks are independent if they change different paths, no test reaches both, and no task needs both. As far as the
/// graph knows, each check then covers the work of one of them at most.
struct IndependentBatch {
    private(set) var tasks: [Scheduler.Index]
    private var paths: Set<String> = []
    private var dependents: Set<Scheduler.Index> = []

    /// The largest number of dependents that are compared. A task with more counts as connected with every task.
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

    /// All tasks that need this one, directly or not, except gates, which need every task; nil if there are too many.
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
