import Model
import Testing

@testable import PlanFile

@Suite struct PlanProblemTests {
    /// What is wrong with a line 6, and where.
    @Test(arguments: [
        ("verfy: {}", ["6:1: unknown key 'verfy'"]), ("Verify: {}", ["6:1: unknown key 'Verify'"]),
        ("scope: {inclde: [a]}", ["6:9: unknown key 'inclde' in 'scope'"]),
        ("scope: [a]", ["6:8: 'scope': expected a mapping with include, exclude, found a list"]),
        ("scope:", ["6:7: 'scope': expected a mapping with include, exclude, found nothing"]),
        ("scope: {include: src}", ["6:18: 'scope.include': expected a list of globs, found 'src'"]),
        ("scope: {include: []}", ["6:18: 'scope.include': the list is empty"]),
        ("scope: {exclude: [[a]]}", ["6:19: 'scope.exclude': expected a glob, found a list"]),
        ("scope: {exclude: ['']}", ["6:19: 'scope.exclude': expected a glob, found only spaces"]),
        ("scope: {include: [\"a/**b\"]}", ["6:22: bad glob 'a/**b': '**' must be a whole part of the path"]),
        (
            "scope: {include: [/a, 'é[']}",
            [
                "6:19: bad glob '/a': a pattern always starts at the repository's root and cannot start with '/'",
                "6:25: bad glob 'é[': '[' has no ']'",
            ]
        ),
        ("name: z", ["6:1: duplicate key 'name'"]),
        ("base: -x", ["6:7: 'base': a revision cannot start with '-'"]),
        ("base: a b", ["6:8: 'base': a revision cannot contain spaces or control characters"]),
        ("integration: refs/heads/x", ["6:14: 'integration': expected a branch name without 'refs/'"]),
        ("integration: a..b", ["6:15: 'integration': a branch name cannot contain '..'"]),
        (
            "integration: orchestrate-task/x",
            [
                "6:14: 'integration': branches under 'orchestrate-task' are reserved for tasks"
            ]
        ),
        ("base: orchestrate/x", ["6:7: the integration branch is the base"]),
        ("decompose: {max_files: 0}", ["6:24: 'decompose.max_files': expected a whole number above 0, found '0'"]),
        ("decompose: {max_files: -1}", ["6:24: 'decompose.max_files': expected a whole number above 0, found '-1'"]),
        ("decompose: {max_files: 1.5}", ["6:24: 'decompose.max_files': expected a whole number above 0, found '1.5'"]),
        ("decompose: {max_files: '3'}", ["6:24: 'decompose.max_files': expected a whole number above 0, found '3'"]),
        ("decompose: {max_files: 010}", ["6:24: 'decompose.max_files': expected a whole number above 0, found '010'"]),
        (
            "decompose: {max_lines: 9G9}",
            ["6:24: 'decompose.max_lines': expected a count such as 20M, above 0, found '9G9'"]
        ),
        (
            "decompose: {max_lines: 99999999999999999999}",
            [
                "6:24: 'decompose.max_lines': expected a count such as 20M, above 0, found '99999999999999999999'"
            ]
        ),
        (
            "decompose: {max_lines: 2000000000M}",
            [
                "6:24: 'decompose.max_lines': expected a count such as 20M, above 0, found '2000000000M'"
            ]
        ),
        (
            "decompose: {unit: folder}",
            ["6:19: 'decompose.unit': expected file or directory or package or cluster, found 'folder'"]
        ),
        ("derive: {max_tasks: 0}", ["6:21: 'derive.max_tasks': expected a whole number above 0, found '0'"]),
        ("derive: soon", ["6:9: 'derive': expected true or false, found 'soon'"]),
        ("verify: {done: {run: a}}", ["6:16: 'verify.done': expected a list of checks, found a mapping"]),
        ("verify: {done: [{}]}", ["6:17: missing key 'verify.done.run'"]),
        ("verify: {done: [{run: ''}]}", ["6:23: 'verify.done.run': expected a shell command, found only spaces"]),
        ("verify: {done: [{run: {file}}]}", ["6:23: 'verify.done.run': expected a shell command, found a mapping"]),
        ("verify: {done: [{run: 'a {job}'}]}", ["6:26: {job} is not available in 'verify.done.run'"]),
        ("verify: {task: [{run: 'a {prompt}'}]}", ["6:26: {prompt} is not available in 'verify.task.run'"]),
        (
            "verify: {landing: [{run: 'a {files} {file}'}]}",
            [
                "6:29: {files} is not available in 'verify.landing.run'",
                "6:37: {file} is not available in 'verify.landing.run'",
            ]
        ),
        (
            "verify: {done: [{run: 'a {fiel} {x}'}]}",
            [
                "6:26: unknown placeholder {fiel}", "6:33: unknown placeholder {x}",
            ]
        ),
        ("verify: {done: [{run: \"a '{file}'\"}]}", ["6:27: {file} is inside quotes"]),
        (
            "verify: {done: [{run: a, timeout: 0}]}",
            [
                "6:35: 'verify.done.timeout': expected a duration such as 15m, above 0, found '0'"
            ]
        ),
        (
            "verify: {done: [{run: a, timeout: 1:30}]}",
            [
                "6:35: 'verify.done.timeout': expected a duration such as 15m, above 0, found '1:30'"
            ]
        ),
        (
            "verify: {done: [{run: a, timeout: 30m1h}]}",
            [
                "6:35: 'verify.done.timeout': expected a duration such as 15m, above 0, found '30m1h'"
            ]
        ),
        (
            "verify: {done: [{run: a, timeout: 9999d}]}",
            [
                "6:35: 'verify.done.timeout': expected at most 366 days, found '9999d'"
            ]
        ),
        (
            "verify: {done: [{run: a, exclusive: yes}]}",
            [
                "6:37: 'verify.done.exclusive': expected true or false, found 'yes'"
            ]
        ),
        (
            "verify: {done: [{run: a, name: b}, {run: c, name: b}]}",
            [
                "6:51: two checks of 'verify.done' are called 'b'"
            ]
        ),
        ("verify: {done: [{run: a, name: \"a\\nb\"}]}", ["6:34: 'verify.done.name': a name must be one line"]),
        (
            "verify: {done: [{run: a, retries: -1}]}",
            ["6:35: 'verify.done.retries': expected a whole number, found '-1'"]
        ),
        (
            "verify: {done: [{run: a, report: pytset}]}",
            [
                "6:34: 'verify.done.report': expected junit | tap | pytest | go | swift | cargo or a glob, "
                    + "found 'pytset'"
            ]
        ),
        ("verify: {final: [{run: 'x {file}'}]}", ["6:27: {file} is not available in 'verify.final.run'"]),
        (
            "verify: {allow_baseline_failures: true}",
            ["6:35: 'verify.allow_baseline_failures' needs 'verify.baseline'"]
        ),
        (
            "verify: {environment: [A B, 1A, '=x', A, A=2]}",
            [
                "6:24: 'verify.environment': 'A B' is not a variable name",
                "6:29: 'verify.environment': '1A' is not a variable name",
                "6:33: 'verify.environment': '' is not a variable name",
                "6:42: 'verify.environment': 'A' occurs twice",
            ]
        ),
        (
            "verify: {environment: {A: b}}",
            ["6:23: 'verify.environment': expected a list of variables, found a mapping"]
        ),
        (
            "guards: {write: files}",
            [
                "6:17: 'guards.write': expected task-files or scope or repository or repo, found 'files'"
            ]
        ),
        ("guards: {custom: [{name: x}]}", ["6:19: missing key 'guards.custom.run'"]),
        (
            "guards: {custom: [{run: \"x {diff} {prompt}\"}]}",
            ["6:35: {prompt} is not available in 'guards.custom.run'"]
        ), ("guards: {tests: skip}", ["6:17: 'guards.tests': expected keep or allow, found 'skip'"]),
        (
            "budget: {usd: 5, tokens: 20M, wall: -1h}",
            [
                "6:37: 'budget.wall': expected a duration such as 15m, above 0, found '-1h'"
            ]
        ),
        ("base: {follow: true}", ["6:7: missing key 'base.ref'"]),
        ("checkpoints:\n  - after: {tasks: 5}", []),
        (
            "executor: \"\"\nreviewers: []\ntasks: []",
            [
                "6:11: 'executor': expected an executor's name, found only spaces",
                "7:12: 'reviewers': the list is empty",
                "8:1: 'tasks' is not supported yet",
            ]
        ), ("reviewers: [{name: x}]", ["6:13: this reviewer has neither 'use' nor 'run'"]),
        (
            "reviewers: {needs: 2, of: [{run: x}]}", ["6:20: 'needs' is 2, but the number of reviewers is 1"]
        ),
        ("? [a, b]\n: c", ["6:3: a key must be a word, found a list"]), ("1: 2", ["6:1: unknown key '1'"]),
        ("base: !!binary x", ["6:7: the tag 'tag:yaml.org,2002:binary' is not supported"]),
        ("base: \"a\\0b\"", ["6:7: 'base': a text cannot contain a zero byte"]),
    ])
    func `a line`(_ more: String, _ expected: [String]) { #expect(PlanText.errors(PlanText.start + more) == expected) }

    /// The same for the steps of the ladder, which stand on line 5.
    @Test(arguments: [
        ("{}", ["5:11: missing key 'workers.ladder'"]),
        ("[]", ["5:11: 'workers': expected a mapping with \(workerKeys), found a list"]),
        ("{ladder: []}", ["5:20: 'workers.ladder': the list is empty"]),
        ("{ladder: auto}", ["5:20: 'workers.ladder: auto' is not supported yet"]),
        ("{ladder: [{attempts: 2}]}", ["5:21: this worker has neither 'use' nor 'run'"]),
        ("{ladder: [{use: nope}]}", ["5:27: no worker 'nope'"]),
        ("{ladder: [{use: a/b}]}", ["5:28: 'workers.ladder.use': the name contains a '/'"]),
        ("{ladder: [{use: ..}]}", ["5:27: 'workers.ladder.use': a branch name cannot contain '..'"]),
        ("{ladder: [{run: 'a {prompt}'}]}", ["5:27: {prompt} has no value with 'prompt: none'"]),
        ("{ladder: [{run: 'a {prompt}', prompt: stdin}]}", ["5:27: {prompt} has no value with 'prompt: stdin'"]),
        (
            "{ladder: [{run: a, prompt: argument}]}",
            [
                "5:27: 'prompt: argument' needs {prompt} in the command"
            ]
        ),
        (
            "{ladder: [{run: a, attempts: 0}, {run: '{b}'}]}",
            [
                "5:40: 'workers.ladder.attempts': expected a whole number above 0, found '0'",
                "5:51: unknown placeholder {b}",
            ]
        ),
        ("{ladder: [{use: x, run: '{b}'}]}", ["5:36: unknown placeholder {b}"]),
        (
            "{ladder: [{run: a, budget: 1}]}",
            ["5:38: 'workers.ladder.budget': expected a mapping with usd, tokens, requests, worker_time, found '1'"]
        ),
        (
            "{ladder: [{run: a, retry: again}]}",
            ["5:37: 'workers.ladder.retry': expected resume or fresh, found 'again'"]
        ),
        (
            "{ladder: [{run: a}], max_parallel: many}",
            [
                "5:46: 'workers.max_parallel': expected a whole number from 1 to 10000, found 'many'"
            ]
        ),
        (
            "{ladder: [{run: a}], split: {max: 101, depth: 0}}",
            [
                "5:45: 'workers.split.max': expected a whole number from 1 to 100, found '101'",
                "5:57: 'workers.split.depth': expected a whole number from 1 to 5, found '0'",
            ]
        ),
    ])
    func `a ladder`(_ workers: String, _ expected: [String]) {
        let text = PlanText.start.replacing("{ladder: [{run: \"true\"}]}", with: " \(workers)")
        #expect(PlanText.errors(text) == expected)
    }

    private static let workerKeys =
        "max_parallel, ladder, order, timeout, idle_timeout, environment, conflict_attempts, retry, approve, "
        + "split"

    @Test(arguments: [
        "a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "a..b", ".a", "a.", "a.lock", "-a", "@", "a@{b",
        "HEAD",
        "a/b", "\u{7F}a", String(repeating: "a", count: 201),
    ])
    func `names that are no branch`(_ name: String) { #expect(BranchName.partProblem(with: name) != nil) }

    @Test(arguments: ["a", "modernise-typing", "a.b", "a_b", "v1.0@x", "Ünïcode", "{a}", "a@"])
    func `names that are`(_ name: String) { #expect(BranchName.partProblem(with: name) == nil) }

    @Test func `everything is found in one pass`() {
        let text = """
            version: 2
            name: a b
            goal: " "
            repository: nowhere
            workers:
              ladder:
                - use: nope
                - run: |
                    # it's
                    fix {fiel} "{file}"
              timeout: soon
            scope: {include: [a, "[", b, "{"]}
            surprise: 1
            """
        #expect(
            PlanText.errors(text) == [
                "1:10: 'version': expected 1, found '2'",
                "2:8: 'name': a branch name cannot contain spaces or control characters",
                "3:7: 'goal': expected a text, found only spaces", "4:13: the repository 'nowhere' does not exist",
                "7:12: no worker 'nope'", "10:13: unknown placeholder {fiel}", "10:21: {file} is inside quotes",
                "11:12: 'workers.timeout': expected a duration such as 15m, above 0, found 'soon'",
                "12:23: bad glob '[': '[' has no ']'", "12:31: bad glob '{': '{' has no '}'",
                "13:1: unknown key 'surprise'",
            ])
    }

    @Test func `a problem has its hint`() throws {
        let problems = #expect(throws: PlanProblems.self) { try PlanText.load(PlanText.start + "verfy: {}").get() }
        #expect(
            problems?.description == """
                plan.yaml:6:1: error: unknown key 'verfy'
                  hint: did you mean 'verify'? known keys are version, name, goal, repository, base, integration, \
                scope, depends, decompose, setup, copy, executor, resources, workers, context, playbook, examples, derive, verify, guards, \
                reviewers, landing, commit, stages, budget, checkpoints, notify, sandbox
                """)
    }

    @Test func `missing keys are named`() {
        #expect(
            PlanText.errors("x-nothing: 1") == [
                "1:1: missing key 'version'", "1:1: missing key 'name'", "1:1: missing key 'goal'",
                "1:1: missing key 'workers'", "1:1: missing key 'repository'",
            ])
    }

    @Test func `a thousand problems end at two hundred`() {
        let text = PlanText.start + (0..<1000).map { "k\($0): 1\n" }.joined()
        let errors = PlanText.errors(text)
        #expect(errors.count == Findings.maximum + 1)
        #expect(errors.first == "0:0: more problems were found; only the first are listed")
    }

    @Test(
        arguments: [
            ("verfy", "verify"), ("repo", nil), ("gaol", "goal"), ("max-files", "max_files"), ("x", nil),
            ("Name", "name"),
        ] as [(String, String?)])
    func `a wrong key gets a suggestion`(_ word: String, _ expected: String?) {
        #expect(Suggestion.closest(to: word, among: ["verify", "goal", "max_files", "name", "repository"]) == expected)
    }
}
