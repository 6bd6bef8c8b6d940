import Model

extension Assembly {
    /// Finds the test files that reach each task: a breadth-first search backwards over the condensation, from all
    /// tasks at once.
    ///
    /// Each component takes over the nearest tests of its dependents, one step further away. It keeps only as many as a
    /// task can have. That is safe: if a dependent drops a test, it has enough nearer tests, and the component takes
    /// over those. Dependents come first, and a list is dropped when everything that reads it is done.
    mutating func findTests() {
        let isTest = graph.files.map { $0.traits.contains(.test) }
        guard isTest.contains(true) else { return }
        let frameworks = TestFrameworks(graph)
        let component: [Int]
        let condensed: CondensedGraph
        if let linked = frameworks.linked(graph) {
            component = Condensation(linked.adjacency).component
            condensed = CondensedGraph(linked, component)
        } else {
            component = wholeComponent
            condensed = CondensedGraph(graph, component)
        }
        var tasksOf = [[Int32]](repeating: [], count: condensed.members.count)
        for (number, files) in filesOf.enumerated() {
            for component in files.map({ component[$0] }) where tasksOf[component].last != Int32(number) {
                tasksOf[component].append(Int32(number))
            }
        }
        var found = [[NearTest]](repeating: [], count: list.tasks.count)
        var lists = [[NearTest]](repeating: [], count: condensed.members.count)
        var readers = condensed.members.indices.map { condensed.needs.targets(of: $0).count }
        var merger = NearestTests(fileCount: graph.files.count, most: MigrationTask.mostTests)
        for node in condensed.members.indices.reversed() {
            for file in condensed.members[node] where isTest[file] {
                merger.add(NearTest(file: Int32(file), distance: 0))
            }
            for dependent in condensed.dependents.targets(of: node) {
                for test in lists[dependent] { merger.add(NearTest(file: test.file, distance: test.distance + 1)) }
                readers[dependent] -= 1
                if readers[dependent] == 0 { lists[dependent] = [] }
            }
            let nearest = merger.take()
            for task in tasksOf[node] {
                for test in found[Int(task)] + nearest { merger.add(test) }
                found[Int(task)] = merger.take()
            }
            if readers[node] > 0 { lists[node] = nearest }
        }
        for number in list.tasks.indices {
            let chosen = frameworks.runnable(
                found[number].map { Int($0.file) }, for: filesOf[number], MigrationTask.mostTests)
            list.tasks[number].tests = chosen.sorted().map { graph.files[$0].path }
        }
    }
}

/// A test file, and the number of components between it and the component it reaches.
struct NearTest: Sendable, Equatable {
    var file: Int32
    var distance: Int32
}

/// Collects tests, each once at its shortest distance, and returns the nearest.
private struct NearestTests {
    private let most: Int
    private var distance: [Int32]
    private var files: [Int32] = []

    init(fileCount: Int, most: Int) {
        self.most = most
        distance = [Int32](repeating: .max, count: fileCount)
    }

    mutating func add(_ test: NearTest) {
        if distance[Int(test.file)] == .max { files.append(test.file) }
        distance[Int(test.file)] = min(distance[Int(test.file)], test.distance)
    }

    /// Removes and returns the nearest tests. At equal distance, the path decides.
    mutating func take() -> [NearTest] {
        var tests = files.map { NearTest(file: $0, distance: distance[Int($0)]) }
        for file in files { distance[Int(file)] = .max }
        files.removeAll(keepingCapacity: true)
        if tests.count > 1 { tests.sort { ($0.distance, $0.file) < ($1.distance, $1.file) } }
        if tests.count > most { tests.removeLast(tests.count - most) }
        return tests
    }
}

/// A graph with one node per component, and each edge once.
struct CondensedGraph {
    /// Files of each component.
    let members: [[Int]]
    let needs: Adjacency
    let dependents: Adjacency

    init(_ graph: RepositoryGraph, _ component: [Int]) {
        var members = [[Int]](repeating: [], count: (component.max() ?? -1) + 1)
        for (file, number) in component.enumerated() { members[number].append(file) }
        var last = [Int](repeating: -1, count: members.count)
        var edges: [(from: Int, to: Int)] = []
        for number in members.indices {
            for file in members[number] {
                for edge in graph.edges(from: Int32(file)) {
                    let target = component[Int(edge.to)]
                    guard target != number, last[target] != number else { continue }
                    last[target] = number
                    edges.append((from: number, to: target))
                }
            }
        }
        self.members = members
        needs = Adjacency(count: members.count, edges: edges)
        dependents = needs.reversed
    }
}
