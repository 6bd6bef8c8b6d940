import Foundation
import Model
import Testing

@testable import PlanFile

@Suite struct StageTests {
    @Test func `a stage inherits key by key`() throws {
        let plan = try PlanText.plan(
            """
            scope: {include: [a/**], exclude: [a/x]}
            decompose: {max_files: 3, cycles: split}
            verify: {done: [{run: "d {file}"}], task: [{run: t}], environment: [A]}
            guards: {write: scope, forbid: [f]}
            stages:
              - name: first
                decompose: {max_files: 5, unit: cluster, max_tokens: 2k}
                workers: {ladder: [{run: w, attempts: 1}]}
                verify: {task: [{run: "u {affected_tests}"}], landing: [{run: l}]}
              - name: second
                scope: {include: [b/**]}
                guards: {write: repository}
            """)
        #expect(plan.stages.map(\.name) == ["first", "second"])
        #expect(plan.stages[0].scope == Plan.Scope(include: ["a/**"], exclude: ["a/x"]))
        #expect(plan.stages[1].scope == Plan.Scope(include: ["b/**"], exclude: ["a/x"]))
        #expect(
            plan.stages[0].decompose
                == DecomposeRules(unit: .cluster, maxFiles: 5, cycles: .split, maxTokens: 2000))
        #expect(plan.stages[1].decompose == DecomposeRules(maxFiles: 3, cycles: .split))
        #expect(plan.stages[0].ladder == [Rung(worker: Worker(name: "command", run: "w"), attempts: 1)])
        #expect(plan.stages[1].ladder == plan.workers.ladder && !plan.workers.ladder.isEmpty)
        #expect(plan.stages[0].verify.done == plan.verify.done)
        #expect(plan.stages[0].verify.task.map(\.run) == ["u {affected_tests}"])
        #expect(plan.stages[0].verify.landing.map(\.run) == ["l"])
        #expect(plan.stages[0].verify.environment == ["A"])
        #expect(plan.stages[1].verify == plan.verify)
        #expect(plan.stages[0].guards == plan.guards)
        #expect(plan.stages[1].guards == GuardRules(write: .repository, forbid: ["f"]))
    }

    @Test func `a plan without stages has one with its rules`() throws {
        let plan = try PlanText.plan("guards: {forbid: [x]}\ndecompose: {max_files: 2}")
        #expect(plan.stages.map(\.name) == [Stage.onlyName])
        #expect(plan.stages[0].guards == plan.guards && plan.stages[0].decompose == plan.decompose)
        #expect(plan.stages[0].ladder == plan.workers.ladder)
    }

    @Test func `a scaffold is three stages`() throws {
        let plan = try PlanText.plan(Self.scaffold)
        #expect(plan.stages.map(\.name) == ["scaffold", "migrate", "cleanup"])
        #expect(plan.stages.map(\.decompose.strategy) == [.list, .dependencyTree, .list])
        #expect(
            plan.stages[0].decompose.list
                == .written([ListedTask(id: "add-shim", title: "Add it", files: ["T/Shim.swift", "T/Use*.swift"])]))
        #expect(
            plan.stages[2].decompose.list
                == .written([ListedTask(id: "remove-scaffold", files: ["T/Shim.swift"], instructions: "Gone.")]))
        #expect(plan.stages[1].decompose.list == nil && plan.stages[1].decompose.maxFiles == 2)
        #expect(plan.stages.map { $0.ladder.map(\.worker.run) } == [["true"], ["true"], ["rm {files}"]])
        #expect(
            plan.stages.map { $0.verify.done.map(\.run) } == [["test -e {file}"], ["d {file}"], ["! grep -rq Shim T"]])
        #expect(plan.stages.allSatisfy { $0.verify.landing.map(\.run) == ["make test"] })
    }

    private static let scaffold = """
        scope: {include: [T/**]}
        verify:
          done: [{run: "d {file}"}]
          landing: [{run: make test}]
        decompose:
          strategy: scaffold
          max_files: 2
          scaffold:
            add:
              id: add-shim
              title: Add it
              files: [T/Shim.swift, "T/Use*.swift"]
              verify: {done: [{run: "test -e {file}"}]}
            remove:
              files: [T/Shim.swift]
              instructions: Gone.
              workers: {ladder: [{run: "rm {files}"}]}
              verify: {done: [{run: "! grep -rq Shim T"}]}
        """

    @Test func `a stage may be a scaffold among others`() throws {
        let text = """
            decompose: {strategy: list, tasks: [{files: [x]}]}
            stages:
              - name: fix
              - name: tree
                decompose: {strategy: dependency-tree}
              - name: shim
                decompose:
                  strategy: scaffold
                  scaffold: {add: {files: [s]}, remove: {files: [s], verify: {done: [{run: "! test -e s"}]}}}
            """
        let plan = try PlanText.plan(text)
        #expect(plan.stages.map(\.name) == ["fix", "tree", "shim-scaffold", "shim-migrate", "shim-cleanup"])
        #expect(plan.stages[0].decompose.list == .written([ListedTask(files: ["x"])]))
        #expect(plan.stages[1].decompose == DecomposeRules())
        #expect(plan.stages[3].decompose == DecomposeRules())
    }

    @Test func `every stage may have its own ladder`() throws {
        let own = "stages:\n  - {name: a, workers: {ladder: [{run: w}]}}\n  - name: b"
        let text = PlanText.start.replacing("workers: {ladder: [{run: \"true\"}]}", with: "") + own
        #expect(PlanText.errors(text) == ["8:5: stage 'b' has no workers"])
        #expect(PlanText.errors(text + "\n    workers: {ladder: [{run: v}]}") == [])
    }

    @Test func `a list is written or printed`() throws {
        let list = """
            decompose:
              strategy: list
              tasks:
                - {id: a, title: A, files: ["x/*.c", "new[1].c"], instructions: "Do\\nit"}
                - {files: [y], depends_on: [a]}
            """
        #expect(
            try PlanText.plan(list).decompose.list
                == .written([
                    ListedTask(id: "a", title: "A", files: ["x/*.c", "new[1].c"], instructions: "Do\nit"),
                    ListedTask(files: ["y"], dependsOn: ["a"]),
                ]))
        let printed = try PlanText.plan("decompose: {strategy: list, tasks: {command: ./find-cves}}")
        #expect(printed.stages[0].decompose.list == .command("./find-cves"))
    }

    @Test func `extra dependencies are read`() throws {
        let plan = try PlanText.plan("depends:\n  - {from: a/**, to: b}\n  - {from: c, to: d, remove: true}")
        #expect(plan.depends == [DependsRule(from: "a/**", to: "b"), DependsRule(from: "c", to: "d", remove: true)])
    }

    /// What is wrong with lines from the sixth on, and where.
    @Test(arguments: [
        ("stages: []", ["6:9: 'stages': the list is empty"]),
        ("stages: [{scope: {}}]", ["6:10: missing key 'stages.name'"]),
        (
            "stages: [{name: a}, {name: 'b c'}, {name: -d}]",
            [
                "6:30: 'stages.name': a stage's name cannot contain ' '",
                "6:43: 'stages.name': a stage's name cannot start with '-'",
            ]
        ),
        ("stages: [{name: a}, {name: A}]", ["6:28: two stages are called 'A'"]),
        ("stages: [{name: a, workers: {timeout: 5m}}]", ["6:30: unknown key 'timeout' in 'stages.workers'"]),
        ("stages: [{name: a, workers: {ladder: []}}]", ["6:38: 'stages.workers.ladder': the list is empty"]),
        ("stages: [{name: a, budget: {}}]", ["6:20: unknown key 'budget' in 'stages'"]),
        (
            "stages: [{name: a, verify: {done: [{run: a, name: b}, {run: c, name: b}]}}]",
            ["6:70: two checks of 'stages.verify.done' are called 'b'"]
        ),
        (
            "stages: [{name: a, verify: {done: [{run: 'x {files}', limits: 1}]}}]",
            [
                "6:63: 'stages.verify.done.limits': expected a mapping with memory, processes, file_size, cpu, disk, found '1'"
            ]
        ),
        (
            "stages: [{name: a, verify: {final: [], baseline: []}}]",
            ["6:29: unknown key 'final' in 'stages.verify'", "6:40: unknown key 'baseline' in 'stages.verify'"]
        ),
        ("decompose: {strategy: list}", ["6:12: the strategy 'list' needs 'tasks'"]),
        ("decompose: {strategy: scaffold}", ["6:12: the strategy 'scaffold' needs 'scaffold'"]),
        ("decompose: {tasks: [{files: [a]}]}", ["6:20: 'tasks' is not used by the strategy 'dependency-tree'"]),
        ("decompose: {strategy: list, tasks: []}", ["6:36: 'decompose.tasks': the list is empty"]),
        ("decompose: {strategy: list, tasks: a}", ["6:36: 'decompose.tasks': expected a list of tasks, found 'a'"]),
        ("decompose: {strategy: list, tasks: [{id: a}]}", ["6:37: missing key 'decompose.tasks.files'"]),
        ("decompose: {strategy: list, tasks: [{files: []}]}", ["6:45: 'decompose.tasks.files': the list is empty"]),
        (
            "decompose: {strategy: list, tasks: {command: 'x {file}'}}",
            ["6:49: {file} is not available in 'decompose.tasks.command'"]
        ),
        (
            "decompose: {strategy: list, tasks: [{id: a, files: [x]}, {id: a, files: [y], depends_on: [b]}]}",
            ["6:63: two tasks are called 'a'", "6:91: no task in the list is called 'b'"]
        ),
        (
            "decompose: {strategy: list, tasks: [{id: a, files: [x], depends_on: [a]}]}",
            ["6:70: tasks depend on each other: a"]
        ),
        (
            "decompose: {strategy: list, tasks: [{id: a, files: [x], depends_on: [b]}, "
                + "{id: b, files: [y], depends_on: [a]}]}", ["6:70: tasks depend on each other: a, b"]
        ),
        (
            "decompose: {strategy: scaffold, scaffold: {add: {files: [a]}, remove: {files: [a]}}}",
            [
                "6:71: 'decompose.scaffold.remove' needs its own done check: nothing else proves that the layer "
                    + "is gone"
            ]
        ),
        (
            "decompose: {strategy: scaffold, scaffold: {add: {}}}",
            [
                "6:43: missing key 'decompose.scaffold.remove'", "6:49: missing key 'decompose.scaffold.add.files'",
            ]
        ),
        ("depends: [{from: a}]", ["6:11: missing key 'depends.to'"]),
        (
            "depends: [{from: '/a', to: b}]",
            ["6:19: bad glob '/a': a pattern always starts at the repository's root and cannot start with '/'"]
        ),
        (
            "verify: {done: [{run: 'a {affected_tests}'}]}",
            ["6:26: {affected_tests} is not available in 'verify.done.run'"]
        ),
        (
            "verify: {landing: [{run: 'a {affected_tests}'}]}",
            ["6:26: a landing check with '{affected_tests}' needs 'affected: true'"]
        ),
    ])
    func `bad stages are named`(_ more: String, _ expected: [String]) {
        #expect(PlanText.errors(PlanText.start + more) == expected)
    }

    /// An error in what stages inherit is told once.
    @Test func `an inherited problem is told once`() {
        let more = "verify: {done: [{run: ''}]}\nstages: [{name: a}, {name: b}]"
        #expect(
            PlanText.errors(PlanText.start + more) == [
                "6:23: 'verify.done.run': expected a shell command, found only spaces"
            ])
    }

    @Test func `too many stages`() {
        let stages = (0...PlanResolver.maximumStages).map { "{name: s\($0)}" }.joined(separator: ", ")
        #expect(
            PlanText.errors(PlanText.start + "stages: [\(stages)]") == [
                "6:9: the plan has 101 stages; the maximum is 100"
            ])
    }

    @Test func `warnings name the stage`() throws {
        let text = PlanText.start + "stages:\n  - {name: a, verify: {task: [{run: x}]}}\n  - name: b"
        let warnings = try PlanText.load(text).get().warnings
        #expect(
            PlanText.shown(warnings) == [
                "7:23: stage 'a': no done check: every task is given to a worker, migrated or not",
                "7:23: stage 'a': no landing check: what lands was checked for its own files only, not as a whole tree",
                "8:5: stage 'b': no checks are defined: nothing would be verified",
            ])
    }
}
