import Model

/// The state that the passes over the whole plan share: the stages with their groups, then the tasks.
struct Assembly {
    let graph: RepositoryGraph
    let plan: Plan
    private let dependencies: Adjacency
    private let dependents: Adjacency
    let wholeComponent: [Int]
    var stages: [[Draft.Group]] = []
    /// Names of the groups, by stage.
    var ids: [[TaskID]] = []
    /// Names of the gates that may end each stage. Empty for a plan with one stage.
    var gates: [TaskID] = []
    /// The existing files of each task.
    var filesOf: [[Int]] = []
    var list = TaskList()

    init(graph: RepositoryGraph, plan: Plan) {
        self.graph = graph
        self.plan = plan
        dependencies = graph.adjacency
        dependents = dependencies.reversed
        wholeComponent = Condensation(dependencies).component
    }

    mutating func add(_ draft: Draft) {
        stages.append(draft.groups)
        list.ignoredEdges += draft.ignoredEdges
        list.cutCycles += draft.cuts
    }

    mutating func nameTasks() {
        var names = TaskNames()
        gates = stages.count > 1 ? plan.stages.map { names.gate($0.name) } : []
        // Names from the plan are taken before names made from files.
        var given = [[TaskID?]](repeating: [], count: stages.count)
        for number in stages.indices {
            given[number] = stages[number].map { group in
                group.listed?.id.map { names.id(from: $0, for: group.paths, stage: plan.stages[number].name) }
            }
        }
        ids = stages.indices.map { number in
            zip(stages[number], given[number]).map { group, given in
                let isCycle = group.pieces.count == 1 && group.cycle > 1 && group.paths.count > 1
                return given ?? names.id(for: group.paths, isCycle: isCycle, stage: plan.stages[number].name)
            }
        }
    }

    /// Makes the tasks, and a gate between two stages that have tasks. The gate depends on the tasks of its stage that
    /// no other task depends on. Tasks of the next stage without a dependency in their own stage depend on the gate.
    mutating func joinStages() {
        var before: (gate: TaskID, stage: Int, last: [TaskID])?
        for (number, groups) in stages.enumerated() where !groups.isEmpty {
            var gate: [TaskID] = []
            if let before {
                gate = [before.gate]
                filesOf.append([])
                list.tasks.append(
                    MigrationTask(
                        id: before.gate, title: "stage \(plan.stages[before.stage].name) is complete", files: [],
                        dependencies: before.last.sorted(), stage: before.stage))
            }
            let fan = fanCounts(of: groups)
            for (place, group) in groups.enumerated() {
                let needed = group.needs.map { ids[number][$0] }
                filesOf.append(group.files)
                list.tasks.append(
                    MigrationTask(
                        id: ids[number][place], title: Self.title(of: group),
                        files: group.paths, dependencies: needed.isEmpty ? gate : needed.sorted(),
                        figures: .init(
                            lines: group.files.reduce(0) { $0 + graph.files[$1].lines }, fanIn: fan.into[place],
                            fanOut: fan.out[place], cycle: group.cycle),
                        stage: number, instructions: group.listed?.instructions ?? "", approve: group.listed?.approve))
            }
            guard gates.indices.contains(number) else { continue }
            let needed = Set(groups.flatMap(\.needs))
            let last = groups.indices.filter { !needed.contains($0) }.map { ids[number][$0] }
            before = (gates[number], number, last)
        }
    }

    /// Returns the title of a listed task, or a title of its own name and files.
    private static func title(of group: Draft.Group) -> String {
        if let title = group.listed?.title { return title }
        let paths = group.paths
        let files = paths.count == 1 ? paths[0] : "\(paths[0]) and \(paths.count - 1) more"
        return group.listed?.id.map { $0 == files ? files : "\($0): \(files)" } ?? files
    }

    /// For each group, the outside files that depend on it, and the outside files it depends on.
    private func fanCounts(of groups: [Draft.Group]) -> (into: [Int], out: [Int]) {
        var groupOf = [Int](repeating: -1, count: graph.files.count)
        for (number, group) in groups.enumerated() {
            for file in group.files { groupOf[file] = number }
        }
        func count(_ neighbours: Adjacency) -> [Int] {
            // The last group that counted each file, so that a group counts a file once.
            var counted = [Int](repeating: -1, count: graph.files.count)
            return groups.enumerated().map { number, group in
                var count = 0
                for other in group.files.lazy.flatMap({ neighbours.targets(of: $0) })
                where groupOf[other] != number && counted[other] != number {
                    counted[other] = number
                    count += 1
                }
                return count
            }
        }
        return (count(dependents), count(dependencies))
    }
}
