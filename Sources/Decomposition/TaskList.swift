package import Model

/// The result of a decomposition: tasks, each after the tasks it depends on.
package struct TaskList: Sendable, Equatable {
    /// A dependency between files that the order of the tasks does not respect.
    package struct IgnoredEdge: Sendable, Equatable {
        package var from: String
        package var to: String
        package var kind: RepositoryGraph.EdgeKind
        package var line: Int32
    }

    /// A cycle that was too large for one task.
    package struct CutCycle: Sendable, Equatable {
        /// Its files, sorted.
        package var files: [String]
        package var pieces: Int
    }

    package var tasks: [MigrationTask] = []
    package var ignoredEdges: [IgnoredEdge] = []
    package var cutCycles: [CutCycle] = []

    package init() {}

    /// Tasks by wave. Tasks of the first wave depend on nothing. Each other task depends on a task of the wave before.
    package var waves: [[TaskID]] {
        var waveOf: [TaskID: Int] = [:]
        var waves: [[TaskID]] = []
        for task in tasks {
            let wave = (task.dependencies.compactMap { waveOf[$0] }.max() ?? -1) + 1
            waveOf[task.id] = wave
            if wave == waves.count { waves.append([]) }
            waves[wave].append(task.id)
        }
        return waves
    }

    /// The longest chain of tasks that have to run one after the other.
    package var longestChain: [TaskID] {
        var best: [TaskID: (length: Int, before: TaskID?)] = [:]
        var end: TaskID?
        for task in tasks {
            var length = 1
            var before: TaskID?
            for dependency in task.dependencies {
                guard let known = best[dependency], known.length + 1 > length else { continue }
                length = known.length + 1
                before = dependency
            }
            best[task.id] = (length, before)
            if end.flatMap({ best[$0]?.length }) ?? 0 < length { end = task.id }
        }
        var chain: [TaskID] = []
        while let task = end {
            chain.append(task)
            end = best[task]?.before
        }
        return chain.reversed()
    }
}
