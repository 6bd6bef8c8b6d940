import Model
import Testing

@testable import Decomposition

private func list(_ tasks: ListedTask...) -> DecomposeRules { DecomposeRules(strategy: .list, list: .written(tasks)) }

@Suite struct StageTaskTests {
    @Test func `a gate stands between stages`() throws {
        let plan = Plan.sample(
            stages: [
                .sample("first", include: ["a*"]), .sample("second", include: ["b*"]),
                .sample("third", list(ListedTask(id: "fix", files: ["new"]))),
            ])
        let tasks = try Decomposer(plan, packages: [:]).tasks(of: graph("a1: a2\na2\na3\nb1: a1\nb2: b1\nb3")).tasks
        #expect(
            tasks.map { "\($0.stage) \($0.id) < \($0.dependencies.map(\.rawValue).joined(separator: " "))" } == [
                "0 a2 < ", "0 a3 < ", "0 a1 < a2", "0 stage-first < a1 a3", "1 b1 < stage-first",
                "1 b3 < stage-first", "1 b2 < b1", "1 stage-second < b2 b3", "2 fix < stage-second",
            ])
        #expect(tasks.filter(\.isGate).map(\.title) == ["stage first is complete", "stage second is complete"])
        #expect(tasks.last?.files == ["new"])
    }

    @Test func `a file in several stages has a name in each`() throws {
        let plan = Plan.sample(
            stages: [
                .sample("one", list(ListedTask(id: "x", files: ["a"]))), .sample("two"),
                .sample("three", list(ListedTask(files: ["a"]), ListedTask(id: "stage-one", files: ["b"]))),
            ])
        let tasks = try Decomposer(plan, packages: [:]).tasks(of: graph("a\nb")).tasks
        #expect(
            tasks.map(\.id.rawValue) == [
                "x", "stage-one", "a", "b", "stage-two", "a-three", "stage-one-three",
            ])
    }

    @Test func `a list is ordered by its dependencies`() throws {
        let rules = list(
            ListedTask(id: "last", files: ["c"], dependsOn: ["mid", "first"]),
            ListedTask(
                id: "mid", title: "Middle", files: ["b", "made/new.c"], dependsOn: ["first"], instructions: "Do"),
            ListedTask(id: "first", files: ["a*"]), ListedTask(files: ["d"]))
        let tasks = try decompose(graph("c: a1\na1\na2\nb\nd: d2\nd2: d"), rules).tasks
        #expect(tasks.map(\.id.rawValue) == ["first", "mid", "last", "d"])
        #expect(tasks.map(\.files) == [["a1", "a2"], ["b", "made/new.c"], ["c"], ["d"]])
        #expect(tasks[1].title == "Middle" && tasks[1].instructions == "Do")
        #expect(tasks[2].dependencies.map(\.rawValue) == ["first", "mid"])
        #expect(tasks[0].figures == .init(lines: 20, fanIn: 1, fanOut: 0, cycle: 1))
        #expect(tasks[3].figures.cycle == 2)
    }

    @Test func `all faults of a list are found at once`() {
        let rules = list(
            ListedTask(id: "a", files: ["x", "q*"]), ListedTask(files: ["y", "x*"]), ListedTask(id: "c", files: []))
        let plan = Plan.sample(decompose: rules)
        let faults = Decomposer(plan, packages: [:]).faults(of: graph("x\ny"))
        #expect(faults.map(\.task) == [0, 1, 2])
        #expect(faults.map(\.entry) == [1, 1, nil])
        #expect(faults.allSatisfy { $0.stage == 0 })
    }

    @Test func `a path of the base is that file whatever it means as a glob`() throws {
        let rules = list(ListedTask(files: ["pages/[id].ts"]), ListedTask(files: ["pages/?.ts"]))
        let tasks = try decompose(graph("pages/[id].ts\npages/i.ts"), rules).tasks
        #expect(tasks.map(\.files) == [["pages/[id].ts"], ["pages/i.ts"]])
    }

    @Test(arguments: [
        (
            list(ListedTask(id: "a", files: ["x"]), ListedTask(id: "a", files: ["y"])),
            DecompositionError.sameID("a", stage: "all")
        ),
        (
            list(ListedTask(id: "a", files: ["x"], dependsOn: ["b"])),
            .unknownDependency("b", of: ListedName(number: 1, id: "a"), stage: "all")
        ),
        (
            list(
                ListedTask(id: "a", files: ["x"], dependsOn: ["b"]),
                ListedTask(id: "b", files: ["y"], dependsOn: ["c"]),
                ListedTask(id: "c", files: ["z"], dependsOn: ["b"])),
            .cycle([ListedName(number: 2, id: "b"), ListedName(number: 3, id: "c")], stage: "all")
        ),
        (
            list(ListedTask(id: "a", files: ["x"]), ListedTask(files: ["x*"])),
            .fileInTwoTasks("x", ListedName(number: 1, id: "a"), ListedName(number: 2, id: nil), stage: "all")
        ),
        (list(ListedTask(id: "a", files: ["q*"])), .nothingMatches("q*", ListedName(number: 1, id: "a"), stage: "all")),
        (list(ListedTask(id: "a", files: [])), .noFiles(ListedName(number: 1, id: "a"), stage: "all")),
        (DecomposeRules(strategy: .list, list: .command("x")), .listNotFetched(stage: "all")),
    ])
    func `a bad list is refused`(_ rules: DecomposeRules, _ expected: DecompositionError) {
        #expect(throws: expected) { try decompose(graph("x\ny\nz"), rules) }
    }

    @Test func `tasks may share a file if depends_on orders them`() throws {
        let rules = list(
            ListedTask(id: "third", files: ["x"], dependsOn: ["second"]), ListedTask(id: "first", files: ["x", "y"]),
            ListedTask(id: "second", files: ["y"], dependsOn: ["first"]))
        let tasks = try decompose(graph("x\ny"), rules).tasks
        #expect(tasks.map(\.id.rawValue) == ["first", "second", "third"])
        #expect(tasks.map(\.title) == ["first: x and 1 more", "second: y", "third: x"])
        let fork = list(
            ListedTask(id: "a", files: ["y"]), ListedTask(id: "b", files: ["x"], dependsOn: ["a"]),
            ListedTask(id: "c", files: ["y", "x"], dependsOn: ["a"]))
        let error = #expect(throws: DecompositionError.self) { try decompose(graph("x\ny"), fork) }
        #expect(
            error?.description == "stage 'all', task 'c': 'x' also belongs to task 'b': order the two with depends_on, "
                + "give the file to one of them, or put them into different stages")
    }

    @Test func `cycles name a task that depends on itself`() {
        let rules = list(ListedTask(id: "a", files: ["x"], dependsOn: ["a"]))
        let error = #expect(throws: DecompositionError.self) { try decompose(graph("x"), rules) }
        #expect(
            error?.description == "stage 'all': tasks depend on each other: task 'a' → task 'a': "
                + "remove one of them from a depends_on")
    }

    @Test func `a printed list is taken`() throws {
        let plan = Plan.sample(
            stages: [.sample("one"), .sample("two", DecomposeRules(strategy: .list, list: .command("x")))])
        let some = try Decomposer(plan, packages: [:]).tasks(of: graph("a"), listed: [1: [ListedTask(files: ["b"])]])
        #expect(some.tasks.map(\.id.rawValue) == ["a", "stage-one", "b"])
        // A command may print no tasks, and a stage without a later stage needs no gate.
        #expect(
            try Decomposer(plan, packages: [:]).tasks(of: graph("a"), listed: [1: []]).tasks.map(\.id.rawValue) == ["a"]
        )
    }

    @Test func `an empty stage is refused among others`() throws {
        let plan = Plan.sample(stages: [.sample("one"), .sample("two", include: ["nothing"])])
        #expect(throws: DecompositionError.emptyStage("two")) {
            try Decomposer(plan, packages: [:]).tasks(of: graph("a"))
        }
        #expect(try decompose(graph("a"), scope: Plan.Scope(include: ["nothing"])).tasks.isEmpty)
    }

    @Test func `depends rules order tasks`() throws {
        var plan = Plan.sample(depends: [
            DependsRule(from: "a", to: "z"), DependsRule(from: "b", to: "*", remove: true),
        ])
        let tasks = try Decomposer(plan, packages: [:]).tasks(of: graph("a\nb: a\nz")).tasks
        #expect(tasks.filter { !$0.dependencies.isEmpty }.map { "\($0.id) < \($0.dependencies)" } == ["a < [z]"])
        plan.depends = [DependsRule(from: "a", to: "q")]
        #expect(throws: DecompositionError.depends(.init(rule: plan.depends[0], problem: .noFile("q")))) {
            try Decomposer(plan, packages: [:]).tasks(of: graph("a"))
        }
    }
}
