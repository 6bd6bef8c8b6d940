import Model

extension Scheduler {
    /// Gives each task the weight of the longest chain it opens: its own plus the largest among its dependents. A task that
    /// was split depends on its parts.
    ///
    /// Kahn's algorithm from the tasks that nothing depends on. Tasks on a cycle, which no decomposition makes, keep
    /// their own weight.
    mutating func rankByCriticalPath() {
        var dependencies = [[Index]](repeating: [], count: entries.count)
        var open = [Int](repeating: 0, count: entries.count)
        for index in entries.indices {
            entries[index].priority = Self.weight(entries[index].task.figures.lines)
            let dependents = entries[index].dependents + [entries[index].parent].compactMap { $0 }
            open[index] = dependents.count
            for dependent in dependents { dependencies[dependent].append(index) }
        }
        var stack = entries.indices.filter { open[$0] == 0 }
        while let index = stack.popLast() {
            for dependency in dependencies[index] {
                let chain = Self.weight(entries[dependency].task.figures.lines) + entries[index].priority
                entries[dependency].priority = max(entries[dependency].priority, chain)
                open[dependency] -= 1
                if open[dependency] == 0 { stack.append(dependency) }
            }
        }
    }

    /// The weight of one task. 500 lines weigh as much as the start of a worker.
    private static func weight(_ lines: Int) -> Double { 1 + Double(lines) / 500 }
}
