import Model
import Testing

@testable import CommandLine
@testable import Coordinator
@testable import Decomposition

struct PlanOverviewTests {
    private func outlook(_ change: (inout TaskList) -> Void = { _ in }) throws -> RunSetup.Outlook {
        var list = TaskList()
        list.tasks = [
            task("a", files: ["a.py", "a2.py"], lines: 10, fanIn: 2, fanOut: 1, cycle: 1, tests: ["t.py"]),
            task("b", needs: ["a"], lines: 30, fanIn: 1, fanOut: 3, cycle: 2),
            task("c", needs: ["a"], lines: 20, fanIn: 0, fanOut: 2, cycle: 1),
        ]
        change(&list)
        let files = ["a.py", "a2.py", "b", "c", "d"].map {
            RepositoryGraph.File(path: $0, language: "python", lines: 1, bytes: 1, traits: [])
        }
        return RunSetup.Outlook(
            base: try SampleEvents.object(0xba5e), graph: RepositoryGraph(files: files, edges: []), list: list,
            tip: try SampleEvents.object(0xba5e))
    }

    private func task(
        _ name: String, needs: [String] = [], files: [String]? = nil, lines: Int, fanIn: Int, fanOut: Int, cycle: Int,
        tests: [String] = []
    ) -> MigrationTask {
        var task = MigrationTask(
            id: TaskID(name), title: name, files: files ?? [name], dependencies: needs.map { TaskID($0) })
        task.figures = .init(lines: lines, fanIn: fanIn, fanOut: fanOut, cycle: cycle)
        task.tests = tests
        return task
    }

    private func text(_ sorting: TaskSorting = .order, _ outlook: RunSetup.Outlook) -> [String] {
        PlanOverview(plan: SampleEvents.plan(), outlook: outlook, sorting: sorting).text
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `the summary counts tasks, files, waves and the longest chain`() throws {
        let lines = text(.order, try outlook())
        #expect(lines[0] == "plan demo on /repo")
        #expect(lines[1].hasPrefix("  base ") && lines[1].contains("(ba5e"))
        #expect(lines[2] == "  integration   orchestrate/demo")
        #expect(lines[3] == "  tasks         3, over 4 of 5 files")
        #expect(lines[4] == "  waves         2; the widest is number 2 with 2 tasks")
        #expect(lines[5].hasPrefix("  longest chain 2: a → "))
    }

    @Test func `a task has its place, wave and figures`() throws {
        let lines = text(.order, try outlook())
        #expect(
            lines.contains {
                $0.hasPrefix("    1     1  a  2 files, 10 lines, in 2, out 1, tests 1, difficulty ")
            })
        #expect(lines.contains { $0.contains("    2     2  b") && $0.hasSuffix(", cycle of 2") })
    }

    @Test(
        arguments: [
            (TaskSorting.order, ["a", "b", "c"]), (.lines, ["b", "c", "a"]), (.fanIn, ["a", "b", "c"]),
            (.fanOut, ["b", "c", "a"]), (.cycle, ["b", "a", "c"]), (.tests, ["a", "b", "c"]),
        ])
    func `tasks are sorted by a figure, largest first`(sorting: TaskSorting, names: [String]) throws {
        let rows = text(sorting, try outlook()).drop { !$0.hasPrefix("order  wave") }.dropFirst().prefix(3)
        #expect(rows.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) } == names)
    }

    @Test func `difficulty is a figure too`() throws {
        let task = try #require(try outlook().list.tasks.first)
        #expect(TaskSorting.difficulty.figure(of: task) == task.figures.difficulty)
        #expect(TaskSorting.order.figure(of: task) == nil)
    }

    @Test func `cut cycles are shown with at most twenty ignored edges`() throws {
        let edges = (1...21).map { TaskList.IgnoredEdge(from: "a", to: "b", kind: .import, line: Int32($0)) }
        let lines = text(
            .order,
            try outlook {
                $0.cutCycles = [.init(files: ["a", "b", "c"], pieces: 2)]
                $0.ignoredEdges = edges
            })
        #expect(lines.contains { $0.hasPrefix("a cycle of 3 files is cut into 2 tasks") })
        #expect(lines.count(where: { $0.hasPrefix("  ignored: ") }) == 20)
        #expect(lines.contains("  ignored: a:20 → b (import)") && lines.contains("  and 1 more"))
    }

    @Test func `the commands of the plan are shown by their first line`() throws {
        var plan = SampleEvents.plan()
        plan.stages[0].verify.done = [Check(name: "done", run: "! grep old {file}")]
        plan.stages[0].verify.task = [Check(name: "lint", run: "ruff {files}\nmore")]
        plan.stages[0].verify.landing = [Check(name: "tests", run: "pytest")]
        let text = PlanOverview(plan: plan, outlook: try outlook(), sorting: .order).text
        #expect(text.contains("\ncommands\n  done     ! grep old {file}\n  worker   sed, at most "))
        #expect(
            text.contains("times: sed -i s/old/new/ {files}\n  task     lint: ruff {files} …\n  landing  tests: pytest")
        )
    }
}
