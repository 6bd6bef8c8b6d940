import Model
import Testing

@testable import Decomposition

@Suite struct DecomposerTests {
    @Test func `each file comes after what it depends on`() throws {
        let list = try decompose(graph("top: left right\nleft: base\nright: base\nbase"))
        #expect(list.tasks.map(\.files).first == ["base"])
        #expect(list.tasks.map(\.files).last == ["top"])
        #expect(list.tasks.last?.dependencies.map(\.rawValue) == ["left", "right"])
        #expect(list.waves.map(\.count) == [1, 2, 1])
        #expect(list.longestChain.count == 3)
        #expect(list.tasks.first?.figures == .init(lines: 10, fanIn: 2, fanOut: 0, cycle: 1))
    }

    @Test func `a cycle is one task`() throws {
        let list = try decompose(graph("d/a: d/b\nd/b: e/c\ne/c: d/a z\nz\nuser: d/a"))
        #expect(list.tasks.map(\.files) == [["z"], ["d/a", "d/b", "e/c"], ["user"]])
        #expect(list.tasks[1].id.rawValue == "cycle-d-a")
        #expect(list.tasks[1].dependencies.map(\.rawValue) == ["z"])
        #expect(list.tasks[1].figures.cycle == 3)
        #expect(list.ignoredEdges.isEmpty)
    }

    @Test func `a cycle over the limit is cut at its weakest edge`() throws {
        let ring = graph("a: b\nb: c\nc: d\nd: a", kinds: ["c>d": .typeOnly])
        let list = try decompose(ring, DecomposeRules(maxFiles: 1, maxCycle: 2))
        // Without c → d nothing is a cycle any more: a needs b needs c, and d needs a.
        #expect(list.tasks.map(\.files) == [["c"], ["b"], ["a"], ["d"]])
        #expect(list.ignoredEdges.map { "\($0.from)>\($0.to)" } == ["c>d"])
        #expect(list.cutCycles == [.init(files: ["a", "b", "c", "d"], pieces: 4)])
    }

    /// Two cycles of three files that two edges join into one: only the cheaper edge is cut.
    @Test func `what stays a cycle within the limit is one task`() throws {
        let text = "a: b\nb: c\nc: a x\nx: y\ny: z\nz: x b"
        let rules = DecomposeRules(maxCycle: 3)
        let weak = try decompose(graph(text, kinds: ["z>b": .weak]), rules)
        #expect(weak.tasks.map(\.files) == [["x", "y", "z"], ["a", "b", "c"]])
        #expect(weak.ignoredEdges.map { "\($0.from)>\($0.to)" } == ["z>b"])
        let types = try decompose(graph(text, kinds: ["z>b": .typeOnly, "c>x": .weak]), rules)
        #expect(types.ignoredEdges.map { "\($0.from)>\($0.to)" } == ["c>x"])
    }

    @Test func `a many times used dependency is kept before one used once`() throws {
        let files = ["a", "b"].map { RepositoryGraph.File(path: $0, language: nil, lines: 1, bytes: 1) }
        let pair = RepositoryGraph(
            files: files,
            edges: [
                .init(from: 0, to: 1, kind: .import, line: 1, references: 1),
                .init(from: 1, to: 0, kind: .import, line: 1, references: 20),
            ])
        let list = try decompose(pair, DecomposeRules(cycles: .split))
        #expect(list.ignoredEdges.map(\.from) == ["a"])
        #expect(list.tasks.map(\.files) == [["a"], ["b"]])
    }

    @Test func `split makes every file its own task`() throws {
        let list = try decompose(graph("a: b\nb: a c\nc: a"), DecomposeRules(cycles: .split))
        #expect(list.tasks.map(\.files.count) == [1, 1, 1])
        #expect(!list.ignoredEdges.isEmpty)
    }

    @Test func `files of one directory are grouped without making a cycle`() throws {
        let text = "d/a: e/x\ne/x: d/b\nd/b\nd/c\nd/e"
        let list = try decompose(graph(text), DecomposeRules(maxFiles: 3))
        // d/a may not join d/b, because e/x is between them.
        #expect(list.tasks.allSatisfy { $0.files.count <= 3 && !$0.files.contains("d/a") || $0.files == ["d/a"] })
        #expect(list.tasks.contains { $0.files.count == 3 })
        expectOrder(list)
    }

    @Test func `files outside the scope are looked through`() throws {
        let list = try decompose(graph("a: x\nx: y\ny: b\nb"), scope: Plan.Scope(include: ["a", "b"]))
        #expect(list.tasks.map(\.files) == [["b"], ["a"]])
        #expect(list.tasks[1].dependencies.map(\.rawValue) == ["b"])
    }

    @Test func `files tied only by a file outside the scope do not wait for each other`() throws {
        let list = try decompose(graph("a: x\nx: b\nb: x2\nx2: a"), scope: Plan.Scope(exclude: ["x*"]))
        #expect(list.tasks.count == 2)
        #expect(list.tasks.allSatisfy { $0.dependencies.isEmpty })
    }

    @Test func `names are stable and fit into branches`() throws {
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
}
