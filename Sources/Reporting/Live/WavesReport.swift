package import Model
package import Store

/// The waves of a run's tasks, and the longest chain of tasks that are not done.
///
/// A wave has the tasks whose dependencies are all in earlier waves, so its tasks may run side by side.
package struct WavesReport: Sendable {
    struct Wave: Sendable, Equatable {
        var tasks: [TaskRecord]
        var done: Int { tasks.count { $0.state.isDone } }
    }

    let waves: [Wave]
    /// Open tasks, each of which needs the one before it.
    let chain: [TaskRecord]

    package init(_ view: StoreView, run: RunID) throws(StoreError) {
        self.init(try view.tasks(of: run), dependencies: try view.dependencies(in: run))
    }

    /// - Parameter tasks: in the order of the plan, so after their dependencies; tasks that were added later may come before.
    init(_ tasks: [TaskRecord], dependencies: [TaskID: [TaskID]]) {
        var wave: [TaskID: Int] = [:]
        var length: [TaskID: Int] = [:]
        var before: [TaskID: TaskID] = [:]
        var grouped: [[TaskRecord]] = []
        for task in Self.ordered(tasks, dependencies) {
            let needs = dependencies[task.id, default: []]
            let own = needs.compactMap { wave[$0] }.max().map { $0 + 1 } ?? 0
            wave[task.id] = own
            while grouped.count <= own { grouped.append([]) }
            if !task.files.isEmpty { grouped[own].append(task) }
            guard !task.state.isSettled else { continue }
            let longest = needs.filter { length[$0] != nil }.max { length[$0, default: 0] < length[$1, default: 0] }
            length[task.id] = (longest.flatMap { length[$0] } ?? 0) + (task.files.isEmpty ? 0 : 1)
            before[task.id] = longest
        }
        waves = grouped.filter { !$0.isEmpty }.map { Wave(tasks: $0) }
        let known = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        var chain: [TaskRecord] = []
        var next = tasks.filter { length[$0.id] != nil }.max { length[$0.id, default: 0] < length[$1.id, default: 0] }?
            .id
        while let id = next, let task = known[id], chain.count < tasks.count {
            if !task.files.isEmpty { chain.append(task) }
            next = before[id]
        }
        self.chain = chain.reversed()
    }

    /// Tasks after their dependencies.
    private static func ordered(_ tasks: [TaskRecord], _ dependencies: [TaskID: [TaskID]]) -> [TaskRecord] {
        var open = Dictionary(tasks.map { ($0.id, dependencies[$0.id, default: []].count) }) { first, _ in first }
        var dependents: [TaskID: [Int]] = [:]
        let places = Dictionary(tasks.enumerated().map { ($1.id, $0) }) { first, _ in first }
        for (index, task) in tasks.enumerated() {
            for need in dependencies[task.id, default: []] {
                if places[need] == nil {
                    open[task.id, default: 1] -= 1
                } else {
                    dependents[need, default: []].append(index)
                }
            }
        }
        var ready = tasks.indices.filter { open[tasks[$0].id] == 0 }
        var result: [TaskRecord] = []
        var next = 0
        while next < ready.count {
            let task = tasks[ready[next]]
            next += 1
            result.append(task)
            for dependent in dependents[task.id, default: []] {
                open[tasks[dependent].id, default: 0] -= 1
                if open[tasks[dependent].id] == 0 { ready.append(dependent) }
            }
        }
        return result
    }

    /// Names of one wave that are listed.
    private static let listed = 12

    package var lines: [LiveLine] {
        var lines = [LiveLine("longest chain of open tasks: \(Count.text(chain.count, "task"))", .heading)]
        for (number, task) in chain.enumerated() {
            let arrow = number == 0 ? "  " : "→ "
            lines.append(LiveLine("  \(arrow)\(task.id)  \(task.state.words)", task.state.role))
        }
        for (number, wave) in waves.enumerated() {
            lines += [
                LiveLine(""),
                LiveLine("wave \(number + 1): \(wave.done) of \(Count.text(wave.tasks.count, "task")) done", .heading),
            ]
            let open = wave.tasks.filter { !$0.state.isDone }
            lines += open.prefix(Self.listed).map { LiveLine("  \($0.id)  \($0.state.words)", $0.state.role) }
            if open.count > Self.listed { lines.append(LiveLine("  and \(open.count - Self.listed) more", .faint)) }
        }
        return lines
    }
}
