import Model
import Testing

@testable import Decomposition

/// A graph written as `from: to to`, one file per line. A line without a colon is a file without dependencies.
func graph(_ text: String, kinds: [String: RepositoryGraph.EdgeKind] = [:]) -> RepositoryGraph {
    var names: [String] = []
    var number: [String: Int32] = [:]
    func index(_ name: String) -> Int32 {
        if let known = number[name] { return known }
        number[name] = Int32(names.count)
        names.append(name)
        return Int32(names.count - 1)
    }
    var edges: [RepositoryGraph.Edge] = []
    for line in text.split(separator: "\n") {
        let halves = line.split(separator: ":")
        let from = String(halves[0].filter { $0 != " " })
        _ = index(from)
        guard halves.count == 2 else { continue }
        for target in halves[1].split(separator: " ") {
            let kind = kinds["\(from)>\(target)"] ?? .import
            edges.append(.init(from: index(from), to: index(String(target)), kind: kind, line: 1))
        }
    }
    return RepositoryGraph(
        files: names.map { .init(path: $0, language: "test", lines: 10, bytes: 100) }, edges: edges)
}

/// The tasks of a plan with one stage.
func decompose(
    _ graph: RepositoryGraph, _ rules: DecomposeRules = DecomposeRules(), scope: Plan.Scope = Plan.Scope(),
    packages: [String: PackageRule] = [:]
) throws -> TaskList {
    try Decomposer(Plan.sample(decompose: rules, scope: scope), packages: packages).tasks(of: graph)
}

extension Plan {
    static func sample(
        decompose: DecomposeRules = DecomposeRules(), scope: Scope = Scope(), depends: [DependsRule] = [],
        stages: [Stage]? = nil
    ) -> Plan {
        Plan(
            name: "p", goal: "g", repository: "/r", scope: scope, decompose: decompose,
            workers: WorkerRules(ladder: []), depends: depends, stages: stages)
    }
}

extension Stage {
    static func sample(
        _ name: String, _ decompose: DecomposeRules = DecomposeRules(), include: [String] = ["**"]
    ) -> Stage {
        Stage(
            name: name, scope: Plan.Scope(include: include), decompose: decompose, ladder: [], verify: VerifyRules(),
            guards: GuardRules())
    }
}

/// Each task comes after its dependencies.
func expectOrder(_ list: TaskList) {
    var seen: Set<TaskID> = []
    for task in list.tasks {
        if !task.dependencies.allSatisfy(seen.contains) { Issue.record("\(task.id) comes too early") }
        seen.insert(task.id)
    }
}

func randomGraph(files count: Int, edges: Int, seed: UInt64) -> RepositoryGraph {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func draw(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }
    let files = (0..<count).map {
        RepositoryGraph.File(path: "d\($0 % 7)/f\($0)", language: nil, lines: draw(900), bytes: draw(9000))
    }
    let drawn = (0..<edges).map { _ in
        RepositoryGraph.Edge(
            from: Int32(draw(count)), to: Int32(draw(count)),
            kind: RepositoryGraph.EdgeKind.allCases[draw(5)], line: 1, references: Int32(1 + draw(9)))
    }
    return RepositoryGraph(files: files, edges: drawn)
}
