import Model
import Testing

@testable import Decomposition

/// Properties of every decomposition, on random graphs.
@Suite struct PromiseTests {
    @Test(arguments: [UInt64](1...6), DecomposeRules.Unit.allCases)
    func `small graphs`(_ seed: UInt64, _ unit: DecomposeRules.Unit) throws {
        let rules = DecomposeRules(
            unit: unit, maxFiles: 1 + Int(seed % 6), cycles: seed.isMultiple(of: 3) ? .split : .together,
            maxCycle: 1 + Int(seed % 9), maxLines: seed.isMultiple(of: 2) ? 3000 : nil,
            maxTokens: seed.isMultiple(of: 5) ? 4000 : nil)
        try expectPromises(of: rules, on: randomGraph(files: 300, edges: 250 + 40 * Int(seed), seed: seed))
    }

    /// Of the first two, most files are one cycle.
    @Test(arguments: [(5_000, 10_000, 25), (5_000, 10_000, 500), (100_000, 110_000, 25)])
    func `large graphs`(_ files: Int, _ edges: Int, _ maxCycle: Int) throws {
        let random = randomGraph(files: files, edges: edges, seed: 7)
        try expectPromises(of: DecomposeRules(unit: .cluster, maxFiles: 10, maxCycle: maxCycle), on: random)
    }

    @Test func `several stages hold every file once each`() throws {
        let random = randomGraph(files: 500, edges: 700, seed: 3)
        let plan = Plan.sample(
            stages: [
                .sample("a"), .sample("b", DecomposeRules(unit: .package)),
                .sample("c", DecomposeRules(cycles: .split)),
            ])
        let list = try Decomposer(plan, packages: [:]).tasks(of: random)
        expectOrder(list)
        #expect(Set(list.tasks.map { $0.id.rawValue.lowercased() }).count == list.tasks.count)
        for stage in plan.stages.indices {
            let files = list.tasks.filter { $0.stage == stage }.flatMap(\.files)
            #expect(files.sorted() == random.files.map(\.path))
        }
        // Every task of a later stage waits for all of the stages before it.
        var before: Set<TaskID> = []
        var closed: [TaskID: Set<TaskID>] = [:]
        for task in list.tasks {
            closed[task.id] = task.dependencies.reduce(into: [task.id]) { $0.formUnion(closed[$1] ?? []) }
        }
        for stage in plan.stages.indices {
            let tasks = list.tasks.filter { $0.stage == stage }
            for task in tasks { #expect(before.isSubset(of: closed[task.id] ?? []), "\(task.id)") }
            before.formUnion(tasks.map(\.id))
        }
    }

    private func expectPromises(of rules: DecomposeRules, on graph: RepositoryGraph) throws {
        let list = try decompose(graph, rules)
        expectOrder(list)
        #expect(list.tasks.flatMap(\.files).sorted() == graph.files.map(\.path))
        var home = [Int](repeating: -1, count: graph.files.count)
        for (number, task) in list.tasks.enumerated() {
            for file in task.files { if let index = graph.index(of: file) { home[Int(index)] = number } }
        }
        #expect(list.tasks.filter { !isWithinLimits($0, rules, graph) }.map(\.id) == [])
        let ignored = Set(list.ignoredEdges.map { "\($0.from)>\($0.to)" })
        let place = Dictionary(uniqueKeysWithValues: list.tasks.enumerated().map { ($1.id, $0) })
        let needs = list.tasks.map { Set($0.dependencies.compactMap { place[$0] }) }
        // Collected, because a hundred thousand expectations take minutes.
        var broken: [String] = []
        for edge in graph.edges where home[Int(edge.from)] != home[Int(edge.to)] {
            let isRespected = needs[home[Int(edge.from)]].contains(home[Int(edge.to)])
            let name = "\(graph.files[Int(edge.from)].path)>\(graph.files[Int(edge.to)].path)"
            if isRespected == ignored.contains(name) { broken.append(name) }
        }
        #expect(broken == [])
        if graph.files.count <= 5_000 { #expect(try decompose(graph, rules) == list) }
    }

    private func isWithinLimits(_ task: MigrationTask, _ rules: DecomposeRules, _ graph: RepositoryGraph) -> Bool {
        guard task.files.count > 1 else { return true }
        let maxCycle = rules.cycles == .split ? 1 : rules.maxCycle
        let files = task.files.compactMap { graph.index(of: $0) }.map { graph.files[Int($0)] }
        return task.files.count <= max(rules.maxFiles, task.figures.cycle > 1 ? maxCycle : 1)
            && files.reduce(0) { $0 + $1.lines } <= rules.maxLines ?? .max
            && files.reduce(0) { $0 + ($1.bytes + 3) / 4 } <= rules.maxTokens ?? .max
    }
}
