import Model
import Testing

@testable import Decomposition

@Suite struct DecomposerTests {
    @Test func eachFileComesAfterWhatItDependsOn() throws {
        let list = try decompose(graph("top: left right\nleft: base\nright: base\nbase"))
        #expect(list.tasks.map(\.files).first == ["base"])
        #expect(list.tasks.map(\.files).last == ["top"])
        #expect(list.tasks.last?.dependencies.map(\.rawValue) == ["left", "right"])
        #expect(list.waves.map(\.count) == [1, 2, 1])
        #expect(list.longestChain.count == 3)
        #expect(list.tasks.first?.figures == .init(lines: 10, fanIn: 2, fanOut: 0, cycle: 1))
    }

    @Test func aCycleIsOneTask() throws {
        let list = try decompose(graph("d/a: d/b\nd/b: e/c\ne/c: d/a z\nz\nuser: d/a"))
        #expect(list.tasks.map(\.files) == [["z"], ["d/a", "d/b", "e/c"], ["user"]])
        #expect(list.tasks[1].id.rawValue == "cycle-d-a")
        #expect(list.tasks[1].dependencies.map(\.rawValue) == ["z"])
        #expect(list.tasks[1].figures.cycle == 3)
        #expect(list.ignoredEdges.isEmpty)
    }

    @Test func aCycleOverTheLimitIsCutAtItsWeakestEdge() throws {
        let ring = graph("a: b\nb: c\nc: d\nd: a", kinds: ["c>d": .typeOnly])
        let list = try decompose(ring, DecomposeRules(maxFiles: 1, maxCycle: 2))
        // Without c → d the order is a needs b needs c, and d needs a.
        #expect(list.tasks.map(\.files) == [["b", "c"], ["a", "d"]])
        #expect(list.ignoredEdges.map { "\($0.from)>\($0.to)" } == ["c>d"])
        #expect(list.cutCycles == [.init(files: ["a", "b", "c", "d"], pieces: 2)])
    }

    @Test func splitMakesEveryFileItsOwnTask() throws {
        let list = try decompose(graph("a: b\nb: a c\nc: a"), DecomposeRules(cycles: .split))
        #expect(list.tasks.map(\.files.count) == [1, 1, 1])
        #expect(!list.ignoredEdges.isEmpty)
    }

    @Test func filesOfOneDirectoryAreGroupedWithoutMakingACycle() throws {
        let text = "d/a: e/x\ne/x: d/b\nd/b\nd/c\nd/e"
        let list = try decompose(graph(text), DecomposeRules(maxFiles: 3))
        // d/a may not join d/b: e/x lies between them.
        #expect(list.tasks.allSatisfy { $0.files.count <= 3 && !$0.files.contains("d/a") || $0.files == ["d/a"] })
        #expect(list.tasks.contains { $0.files.count == 3 })
        expectOrder(list)
    }

    @Test func filesOutsideTheScopeAreLookedThrough() throws {
        let list = try decompose(graph("a: x\nx: y\ny: b\nb"), scope: Plan.Scope(include: ["a", "b"]))
        #expect(list.tasks.map(\.files) == [["b"], ["a"]])
        #expect(list.tasks[1].dependencies.map(\.rawValue) == ["b"])
    }

    @Test func filesTiedOnlyByAFileOutsideTheScopeDoNotWaitForEachOther() throws {
        let list = try decompose(graph("a: x\nx: b\nb: x2\nx2: a"), scope: Plan.Scope(exclude: ["x*"]))
        #expect(list.tasks.count == 2)
        #expect(list.tasks.allSatisfy { $0.dependencies.isEmpty })
    }

    @Test func namesAreStableAndFitIntoBranches() throws {
        let paths = ["a b.py", "a-b.py", "A-B.py", "x/.hidden", "x..y", "end.lock", "ünï", "-dash", "tail."]
        let list = try decompose(graph(paths.joined(separator: "\n")))
        let ids = list.tasks.map(\.id.rawValue)
        #expect(Set(ids.map { $0.lowercased() }).count == paths.count)
        for id in ids {
            #expect(id.utf8.allSatisfy { $0 < 128 && $0 > 32 } && !id.hasSuffix(".lock") && !id.contains(".."))
            #expect(!id.hasPrefix("-") && !id.hasPrefix(".") && !id.hasSuffix("."))
        }
        #expect(try decompose(graph(paths.reversed().joined(separator: "\n"))) == list)
    }

    @Test(arguments: [UInt64](1...30), [DecomposeRules.Cycles.together, .split])
    func randomGraphsKeepEveryPromise(seed: UInt64, cycles: DecomposeRules.Cycles) throws {
        let random = randomGraph(files: 300, edges: 500, seed: seed)
        let rules = DecomposeRules(
            maxFiles: 1 + Int(seed % 5), cycles: cycles, maxCycle: 1 + Int(seed % 9), maxLines: 4000)
        let list = try decompose(random, rules)
        expectOrder(list)
        #expect(list.tasks.flatMap(\.files).sorted() == random.files.map(\.path))
        for task in list.tasks {
            #expect(task.files.count <= max(rules.maxFiles, cycles == .together ? rules.maxCycle : 1))
        }
        let home = Dictionary(uniqueKeysWithValues: list.tasks.flatMap { task in task.files.map { ($0, task.id) } })
        let place = Dictionary(uniqueKeysWithValues: list.tasks.enumerated().map { ($1.id, $0) })
        let ignored = Set(list.ignoredEdges.map { "\($0.from)>\($0.to)" })
        for edge in random.edges {
            let from = random.files[Int(edge.from)].path
            let to = random.files[Int(edge.to)].path
            guard home[from] != home[to], !ignored.contains("\(from)>\(to)") else { continue }
            #expect(place[home[to]!]! < place[home[from]!]!)
            #expect(list.tasks[place[home[from]!]!].dependencies.contains(home[to]!))
        }
        #expect(try list == decompose(random, rules))
    }
}
