import Model
import Testing

@testable import Decomposition

@Suite struct SizeTests {
    private func file(bytes: Int) -> RepositoryGraph.File { .init(path: "a", language: nil, lines: 3, bytes: bytes) }

    @Test func `tokens are a quarter of the bytes, rounded up`() {
        #expect([0, 1, 4, 5, 8, 9].map { Size(file(bytes: $0)).tokens } == [0, 1, 1, 2, 2, 3])
        #expect(Size(file(bytes: 9)).lines == 3)
        #expect(Size(file(bytes: 9)).files == 1)
    }

    @Test func `sizes add and subtract in every unit`() {
        var sum = Size(file(bytes: 4)) + Size(file(bytes: 8))
        #expect(sum.files == 2 && sum.lines == 6 && sum.tokens == 3)
        sum -= Size(file(bytes: 8))
        #expect(sum.files == 1 && sum.lines == 3 && sum.tokens == 1)
    }

    @Test func `a size fits up to each limit and not beyond it`() {
        let size = Size(file(bytes: 8)) + Size(file(bytes: 8))
        #expect(size.fits(DecomposeRules(maxLines: 6, maxTokens: 4), files: 2))
        #expect(!size.fits(DecomposeRules(maxLines: 6, maxTokens: 4), files: 1))
        #expect(!size.fits(DecomposeRules(maxLines: 5, maxTokens: 4), files: 2))
        #expect(!size.fits(DecomposeRules(maxLines: 6, maxTokens: 3), files: 2))
        #expect(size.fits(DecomposeRules(), files: 2))
    }
}

@Suite struct TaskNameTests {
    @Test func `a name says how many files there are, and whether they are a cycle`() {
        var names = TaskNames()
        #expect(names.id(for: ["d/a.py"], isCycle: false, stage: "s").rawValue == "d-a.py")
        #expect(names.id(for: ["d/b.py", "d/c.py", "d/d.py"], isCycle: false, stage: "s").rawValue == "d-b.py+2")
        #expect(names.id(for: ["d/e.py", "d/f.py"], isCycle: true, stage: "s").rawValue == "cycle-d-e.py")
        #expect(names.gate("one").rawValue == "stage-one")
        #expect(names.id(from: "My task", for: ["x"], stage: "s").rawValue == "My-task")
    }

    @Test func `a name that another stage has gets the name of its stage`() {
        var names = TaskNames()
        #expect(names.id(for: ["a"], isCycle: false, stage: "one").rawValue == "a")
        #expect(names.id(for: ["a"], isCycle: false, stage: "two").rawValue == "a-two")
        // Within one stage, a hash of the paths tells two names apart.
        let again = names.id(for: ["A"], isCycle: false, stage: "one").rawValue
        #expect(again.hasPrefix("A-") && again.utf8.count == 10)
        let third = names.id(for: ["A"], isCycle: false, stage: "one").rawValue
        #expect(third.hasPrefix("A-") && third != again)
    }

    @Test func `a name is at most 150 bytes long`() {
        var names = TaskNames()
        let fits = String(repeating: "a", count: 150)
        #expect(names.id(for: [fits], isCycle: false, stage: "s").rawValue == fits)
        let long = names.id(for: [fits + "b"], isCycle: false, stage: "s").rawValue
        #expect(long.utf8.count == 150)
        #expect(long.hasPrefix(String(repeating: "a", count: 141) + "-"))
        let other = names.id(for: [fits + "c"], isCycle: false, stage: "s").rawValue
        #expect(other != long && other.utf8.count == 150)
    }

    @Test func `a hash begins with zeros where it is small, and depends on every path`() {
        var hashes: Set<String> = []
        for number in 0..<300 {
            var names = TaskNames()
            _ = names.id(for: ["a"], isCycle: false, stage: "s")
            let name = names.id(from: "a", for: ["\(number)"], stage: "s").rawValue
            #expect(name.utf8.count == 10)
            hashes.insert(name)
        }
        #expect(hashes.count == 300)
    }
}

@Suite struct LinearOrderTests {
    @Test func `moves agree with an array, also after the labels are used up`() {
        var state: UInt64 = 1
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var array = [3, 0, 2, 1, 4, 6, 5]
        var order = LinearOrder(array)
        #expect(order.items == array)
        for _ in 0..<500 {
            let item = random(array.count)
            let other = random(array.count)
            let isAfter = random(2) == 0
            if isAfter { order.move(item, after: other) } else { order.move(item, before: other) }
            if item != other {
                array.removeAll { $0 == item }
                let place = array.firstIndex(of: other) ?? 0
                array.insert(item, at: isAfter ? place + 1 : place)
            }
            #expect(order.items == array, "seed 1")
            #expect(zip(array, array.dropFirst()).allSatisfy { order.label[$0] < order.label[$1] })
        }
        // Two items that take turns before a third halve one gap until it is full.
        for _ in 0..<60 {
            order.move(0, before: 1)
            order.move(2, before: 1)
        }
        #expect(order.relabels > 0)
        let place = order.items.firstIndex(of: 1) ?? 0
        #expect(place >= 2 && Array(order.items[(place - 2)..<place]) == [0, 2])
    }
}

@Suite struct PackageRootTests {
    private func root(_ path: String, language: String, rule: PackageRule, beside others: [String]) throws -> String {
        let files = ([path] + others).map {
            RepositoryGraph.File(path: $0, language: $0 == path ? language : nil, lines: 1, bytes: 1)
        }
        let graph = RepositoryGraph(files: files, edges: [])
        var roots = PackageRoots(of: graph, rules: [language: rule])
        return roots.root(of: Int(try #require(graph.index(of: path))))
    }

    @Test func `the nearest manifest wins, the file's own folder included`() throws {
        let rule = PackageRule.nearest(["*.gemspec", "Gemfile"])
        #expect(
            try root("a/b/c/x.rb", language: "ruby", rule: rule, beside: ["a/one.gemspec", "a/b/Gemfile"]) == "a/b")
        #expect(try root("a/b/x.rb", language: "ruby", rule: rule, beside: ["a/b/one.gemspec", "a/Gemfile"]) == "a/b")
        #expect(try root("a/x.rb", language: "ruby", rule: rule, beside: ["Gemfile"]) == "")
        #expect(try root("a/x.rb", language: "ruby", rule: rule, beside: ["b/Gemfile", "a/MyGemfile"]) == "a")
    }

    @Test func `a chain of marked folders ends at the first unmarked one`() throws {
        let rule = PackageRule.chain(of: ["__init__.py"])
        let marked = ["a/__init__.py", "a/b/c/__init__.py", "a/b/c/d/__init__.py"]
        #expect(try root("a/b/c/d/x.py", language: "python", rule: rule, beside: marked) == "a/b/c")
        #expect(try root("a/b/x.py", language: "python", rule: rule, beside: marked) == "a/b")
    }

    @Test func `a folder below one of the named folders is the package`() throws {
        let rule = PackageRule.below(["Sources"])
        #expect(try root("p/Sources/Core/In/a.swift", language: "swift", rule: rule, beside: []) == "p/Sources/Core")
        #expect(try root("Sources/a.swift", language: "swift", rule: rule, beside: []) == "Sources")
        #expect(try root("Other/Core/a.swift", language: "swift", rule: rule, beside: []) == "Other/Core")
    }

    @Test func `a rule of one language does not apply to another`() throws {
        let graph = RepositoryGraph(
            files: [
                .init(path: "p/Cargo.toml", language: nil, lines: 1, bytes: 1),
                .init(path: "p/s/a.py", language: "python", lines: 1, bytes: 1),
                .init(path: "p/s/a.rs", language: "rust", lines: 1, bytes: 1),
            ], edges: [])
        var roots = PackageRoots(
            of: graph, rules: ["rust": .nearest(["Cargo.toml"]), "python": .chain(of: ["__init__.py"])])
        #expect((0..<3).map { roots.root(of: $0) } == ["p", "p/s", "p"])
    }
}

@Suite struct FigureTests {
    @Test func `a file outside a task counts once, however many of its files it touches`() throws {
        let text = "d/a: z\nd/b: z y\nuser: d/a d/b\nother: d/b\nz\ny"
        let list = try decompose(graph(text), DecomposeRules(maxFiles: 2))
        let task = try #require(list.tasks.first { $0.files == ["d/a", "d/b"] })
        #expect(task.figures == .init(lines: 20, fanIn: 2, fanOut: 2, cycle: 1))
        #expect(task.title == "d/a and 1 more")
    }
}
