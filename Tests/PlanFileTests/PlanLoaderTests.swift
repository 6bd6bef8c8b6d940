import Foundation
import Model
import TestSupport
import Testing

@testable import PlanFile

@Suite struct PlanLoaderTests {
    @Test func `a short plan has the defaults of the model`() throws {
        let loaded = try PlanText.load(PlanText.start).get()
        let here = FileManager.default.currentDirectoryPath
        let worker = Worker(name: "command", run: "true")
        var rules = WorkerRules(ladder: [Rung(worker: worker)])
        rules.isParallelOpen = true
        #expect(
            loaded.plan
                == Plan(
                    name: "x", goal: "y", repository: here, scope: Plan.Scope(sourcesOnly: true), workers: rules))
        #expect(loaded.path == here + "/plan.yaml")
    }

    @Test func `every key reaches the plan`() throws {
        let plan = try PlanText.load(Self.full).get().plan
        #expect(plan.goal == "Rewrite it.\nKeep it.\n")
        #expect(plan.base == "v1.0")
        #expect(plan.integration == "next/full")
        #expect(plan.scope == Plan.Scope(include: ["src/**/*.py", "*.py"], exclude: ["src/vendor/"]))
        #expect(
            plan.decompose
                == DecomposeRules(unit: .directory, maxFiles: 4, cycles: .split, maxCycle: 12, maxLines: 2000))
        #expect(plan.workers.maxParallel == 8)
        #expect(plan.workers.conflictAttempts == 3)
        #expect(plan.workers.environment == ["API_KEY", "MODE=a=b", "EMPTY="])
        #expect(
            plan.workers.ladder == [
                Rung(
                    worker: Worker(
                        name: "first", run: "fix {files}", prompt: .none, limits: Worker.Limits(timeout: 300, idle: 600)
                    ),
                    attempts: 1),
                Rung(
                    worker: Worker(
                        name: "command", run: "ask {prompt} {file}", prompt: .file, environment: ["X=1"],
                        limits: Worker.Limits(timeout: 5400, idle: 30)),
                    attempts: 2),
            ])
        #expect(
            plan.verify.done == [
                Check(name: "ruff check", run: "ruff check {file}"), Check(name: "done", run: "! grep -q 'a b' {file}"),
            ])
        #expect(
            plan.verify.task == [
                Check(name: "lint", run: "lint {files}", timeout: 90.5, environment: ["CI=1"], exclusive: true)
            ])
        #expect(
            plan.verify.landing == [
                Check(name: "python3 -m pytest", run: "python3 -m pytest -q", timeout: 86_400),
                Check(
                    name: "python3 -m pytest (2)", run: "python3 -m pytest -x", retries: 2, report: .output(.pytest)),
            ])
        #expect(plan.verify.allowBaselineFailures)
        #expect(
            plan.verify.baseline == [Check(name: "make test", run: "make test", report: .files("build/**/*.xml"))])
        #expect(plan.verify.final == [Check(name: "make check", run: "make check")])
        #expect(plan.verify.environment == ["TZ=UTC"])
        #expect(
            plan.guards
                == GuardRules(
                    write: .repository, alsoAllow: ["CHANGES.md"], forbid: [".github/**"], discard: ["**/*.orig"],
                    maxChangedLines: 2_000))
        #expect(plan.budget == Budget(wall: 21_600))
        #expect(plan.context == ContextRules(share: .none))
    }

    /// As `resume` reads it back.
    @Test func `a plan outlives being stored`() throws {
        let plan = try PlanText.load(Self.full).get().plan
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
    }

    @Test func `a plan stored by a program that knew fewer keys is read`() throws {
        let text = """
            {"done": [{"name": "a", "run": "b", "timeout": 1, "environment": [], "exclusive": false}], "task": [],
            "landing": [], "environment": []}
            """
        let rules = try JSONDecoder().decode(VerifyRules.self, from: Data(text.utf8))
        #expect(rules == VerifyRules(done: [Check(name: "a", run: "b", timeout: 1)]))
    }

    @Test func `repository is relative to the plan and the override to here`() throws {
        let scratch = try ScratchDirectory("plan")
        try scratch.makeDirectory("plans")
        try scratch.makeDirectory("target")
        let file = scratch.appending("plans/x.yaml")
        try Data(PlanText.start.replacing("repository: .", with: "repository: ../target").utf8).write(
            to: URL(fileURLWithPath: file))
        #expect(try PlanLoader.load(path: file).get().plan.repository == scratch.appending("target"))
        #expect(
            try PlanLoader.load(path: file, repository: ".").get().plan.repository
                == FileManager.default.currentDirectoryPath)
        let problems = #expect(throws: PlanProblems.self) {
            try PlanLoader.load(path: file, repository: "nowhere").get()
        }
        #expect(problems?.diagnostics.map(\.message) == ["the repository 'nowhere' does not exist"])
    }

    @Test func `repository may be left to the override`() throws {
        let text = PlanText.start.replacing("repository: .\n", with: "")
        #expect(PlanText.errors(text) == ["1:1: missing key 'repository'"])
        let loaded = PlanLoader.decode(text, path: "plan.yaml", repository: ".", workerFolders: [])
        #expect(throws: Never.self) { try loaded.get() }
    }

    @Test(arguments: [
        ("", ["1:1: no checks are defined: nothing would be verified"]),
        ("verify: {}", ["6:9: no checks are defined: nothing would be verified"]),
        ("verify: {landing: [{run: a}]}", ["6:9: no done check: every task is given to a worker, migrated or not"]),
        (
            "verify: {done: [{run: a}, {run: 'b {file}'}], landing: [{run: c}]}",
            ["6:23: the check uses neither {file} nor {files}: its result is the same for every task"]
        ),
        ("verify: {done: [{run: 'b {files}'}], landing: [{run: c}]}", []),
        (
            "verify: {done: [{run: 'b {files}'}]}",
            ["6:9: no landing check: what lands was checked for its own files only, not as a whole tree"]
        ),
        (
            "verify: {done: [{run: 'b {files}'}], landing: [{name: x, run: ' true; '}]}",
            ["6:9: landing check 'x' does nothing: every tree passes it"]
        ),
    ])
    func `a plan that is odd gets a warning`(_ more: String, _ expected: [String]) throws {
        let warnings = try PlanText.load(PlanText.start + more).get().warnings
        #expect(PlanText.shown(warnings) == expected)
        #expect(warnings.allSatisfy { $0.severity == .warning })
    }

    @Test(arguments: [
        ("budget: {usd: 1}", "", ["the worker does not report money: budget cannot limit it"]),
        (
            "budget: {usd: 1, tokens: 5}", "",
            ["the worker does not report money and tokens: budget cannot limit it"]
        ),
        ("budget: {wall: 1h, workers: 3}", "", []), ("budget: {usd: 1}", ", events: claude-code", []),
        ("", ", events: codex, budget: {usd: 1}", ["the worker does not report money: its budget cannot limit it"]),
        ("", ", events: codex, budget: {tokens: 1}", []),
        ("", ", budget: {tokens: 1}", ["the worker does not report tokens: its budget cannot limit it"]),
        ("", ", budget: {requests: 9}", ["the worker does not report requests: its budget cannot limit it"]),
        ("", ", budget: {worker_time: 9m}", []), ("budget: {requests: 9, worker_time: 1h}", "", []),
        ("", ", events: codex, budget: {requests: 1}", []),
    ])
    func `a budget that nobody counts gets a warning`(_ more: String, _ step: String, _ expected: [String]) throws {
        let text = PlanText.start.replacing("{run: \"true\"}", with: "{run: a, prompt: stdin\(step)}")
        let warnings = try PlanText.load(
            text + "verify: {done: [{run: 'b {file}'}], landing: [{run: make}]}\n" + more
        ).get().warnings
        #expect(warnings.map(\.message) == expected)
    }

    @Test(arguments: [
        ("max_files: 1", 25), ("max_files: 4", 4), ("max_files: 4, max_cycle: 9", 9), ("max_cycle: 1", 1),
    ])
    func `largest cycle`(_ rules: String, _ expected: Int) throws {
        #expect(try PlanText.plan("decompose: {\(rules)}").decompose.maxCycle == expected)
    }

    @Test(arguments: [
        ("90s", 90.0), ("15m", 900), ("6h", 21_600), ("1h30m", 5400), ("1d", 86_400), ("1d2h3m4s", 93_784), ("45", 45),
        ("0.5", 0.5), ("\"90s\"", 90), ("2_000", 2000),
    ])
    func `durations are read`(_ text: String, _ seconds: Double) throws {
        #expect(try PlanText.plan("budget: {wall: \(text)}").budget.wall == seconds)
    }

    @Test(arguments: [("7", 7), ("2_000", 2000), ("2k", 2000), ("2K", 2000), ("20M", 20_000_000), ("\"3k\"", 3000)])
    func `counts are read`(_ text: String, _ number: Int) throws {
        #expect(try PlanText.plan("guards: {max_changed_lines: \(text)}").guards.maxChangedLines == number)
    }

    static let full = """
        version: 1
        name: full
        goal: |
          Rewrite it.
          Keep it.
        repository: .
        base: v1.0
        integration: next/full
        scope:
          include: ["src/**/*.py", "*.py"]
          exclude: ["src/vendor/"]
        decompose:
          strategy: dependency-tree
          unit: directory
          max_files: 4
          cycles: split
          max_cycle: 12
          max_lines: 2k
        workers:
          max_parallel: 8
          conflict_attempts: 3
          timeout: 5m
          idle_timeout: 10m
          environment: [API_KEY, MODE=a=b, "EMPTY="]
          ladder:
            - use: first
              run: "fix {files}"
              attempts: 1
            - run: "ask {prompt} {file}"
              prompt: file
              timeout: 1h30m
              idle_timeout: 30s
              environment: [X=1]
        context: {share: none}
        verify:
          environment: [TZ=UTC]
          done:
            - run: "ruff check {file}"
            - run: "! grep -q 'a b' {file}"
          task:
            - name: lint
              run: "lint {files}"
              timeout: 90.5
              environment: [CI=1]
              exclusive: true
          landing:
            - run: python3 -m pytest -q
              timeout: 1d
            - run: python3 -m pytest -x
              retries: 2
              report: pytest
          allow_baseline_failures: true
          baseline:
            - {run: make test, report: "build/**/*.xml"}
          final:
            - run: make check
        guards:
          write: repo
          also_allow: ["CHANGES.md"]
          forbid: [".github/**"]
          discard: ["**/*.orig"]
          max_changed_lines: 2_000
        budget: {wall: 6h}
        """
}
