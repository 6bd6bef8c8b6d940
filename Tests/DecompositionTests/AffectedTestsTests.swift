import Model
import Testing

@testable import Decomposition

@Suite struct AffectedTestsTests {
    private func graph(_ edges: [(String, String)], tests: Set<String>) -> RepositoryGraph {
        let names = Set(edges.flatMap { [$0.0, $0.1] }).union(tests).sorted()
        var number: [String: Int32] = [:]
        for (index, name) in names.enumerated() { number[name] = Int32(index) }
        return RepositoryGraph(
            files: names.map {
                .init(path: $0, language: nil, lines: 1, bytes: 1, traits: tests.contains($0) ? .test : [])
            },
            edges: edges.map {
                .init(from: number[$0.0] ?? 0, to: number[$0.1] ?? 0, kind: .import, line: 1)
            })
    }

    @Test func `tests that reach a task`() throws {
        let graph = graph(
            [("t1", "a"), ("a", "b"), ("b", "c"), ("c", "b"), ("t2", "c"), ("t3", "d")],
            tests: ["t1", "t2", "t3", "t4"])
        let tasks = try decompose(graph, scope: Plan.Scope(include: ["a", "b", "c", "d", "t1"])).tasks
        let tests = Dictionary(uniqueKeysWithValues: tasks.map { ($0.files, $0.tests) })
        #expect(tests[["a"]] == ["t1"])
        #expect(tests[["b", "c"]] == ["t1", "t2"])
        #expect(tests[["d"]] == ["t3"])
        #expect(tests[["t1"]] == ["t1"])
    }

    /// The nearest tests are kept, even if they come through several components.
    @Test func `only the nearest are kept`() throws {
        let near = (0..<150).map { ("n\(1000 + $0)", "base") }
        let far = (0..<150).map { ("f\(1000 + $0)", "mid") }
        let graph = graph(near + far + [("mid", "base")], tests: Set((near + far).map(\.0)))
        let tasks = try decompose(graph, scope: Plan.Scope(include: ["base", "mid"])).tasks
        #expect(tasks.map(\.files) == [["base"], ["mid"]])
        #expect(tasks[1].tests == far.map(\.0))
        #expect(tasks[0].tests == (far.prefix(50) + near).map(\.0))
    }

    /// The same as searching backwards from each task alone.
    @Test(arguments: [UInt64](1...10))
    func `same as from each task alone`(_ seed: UInt64) throws {
        let random = randomGraph(files: 200, edges: 300, seed: seed)
        let graph = RepositoryGraph(
            files: random.files.enumerated().map { number, file in
                var file = file
                if number.isMultiple(of: 3) { file.traits = .test }
                return file
            }, edges: random.edges)
        for task in try decompose(graph, DecomposeRules(maxFiles: 3)).tasks {
            let reaching = graph.tests(reaching: task.files.compactMap { graph.index(of: $0) })
            #expect(task.tests == reaching.map { graph.files[Int($0)].path })
        }
    }
}
