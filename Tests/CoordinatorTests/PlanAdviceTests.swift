import Foundation
import Git
import Jobs
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

/// What `plan check` says of a plan that no rule refuses.
@Suite struct PlanAdviceTests {
    private let scratch: ScratchRepository

    init() throws {
        scratch = try ScratchRepository()
        try scratch.commit([
            "a.py": "import b\n", "b.py": "import c\n", "c.py": "import a\n", "run.sh": "true\n",
            ".gitignore": "out/\n",
        ])
    }

    private func notes(base: String = "main", _ change: (inout Plan) -> Void = { _ in }) throws -> [String] {
        var plan = Plan(
            name: "p", goal: "g", repository: scratch.path, base: base,
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "sh run.sh"))]))
        change(&plan)
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        let state = try StateFolder(
            commonGitDirectory: repository.commonDirectory,
            environment: ["XDG_STATE_HOME": "\(scratch.path)-state", "HOME": scratch.home])
        return try PlanAdvice(
            plan: plan, repository: repository, state: state,
            environment: BaseEnvironment(coordinator: ["PATH": "/usr/bin:/bin", "HOME": scratch.home])
        ).notes()
    }

    @Test func `a plain plan gets no advice`() throws { #expect(try notes().isEmpty) }

    @Test func `a check that is held back and stands in a committed plan`() throws {
        func notes() throws -> [String] {
            try self.notes { plan in
                plan.stages[0].verify.holdout = [Check(name: "secret", run: "grep -q x a.py\nsecond line")]
            }
        }
        #expect(try notes() == [])
        try scratch.commit([
            "plans/p.yaml": "verify:\n  holdout:\n    - run: |\n        grep -q x a.py\n        second line\n"
        ])
        #expect(
            try notes() == [
                "the check 'secret' is held back, and workers can read it in plans/p.yaml\n"
                    + "  hint: keep the plan outside of the repository, or out of its commits"
            ])
    }

    @Test func `an agent without a budget`() throws {
        func agent(_ budget: Budget, own: AttemptBudget? = nil) throws -> [String] {
            try notes { plan in
                var worker = Worker(name: "smart", run: "sh run.sh")
                worker.events = .codex
                plan.stages[0].ladder = [Rung(worker: worker, budget: own)]
                plan.budget = budget
            }
        }
        #expect(
            try agent(Budget()) == [
                "no budget: nothing limits what the agent 'smart' may spend\n  hint: write 'budget: {usd: 20, wall: 2h}'"
            ])
        #expect(try agent(Budget(usd: 5)).isEmpty && agent(Budget(wall: 60)).isEmpty)
        #expect(try agent(Budget(), own: AttemptBudget(usd: 1)).isEmpty)
    }

    @Test(arguments: ["main", "HEAD", "refs/heads/main"])
    func `a base behind its upstream`(base: String) throws {
        try scratch.git("config", "branch.main.remote", "origin")
        try scratch.git("config", "branch.main.merge", "refs/heads/main")
        #expect(try notes(base: base).isEmpty)
        let old = try scratch.git("rev-parse", "main")
        try scratch.commit(["d.py": "1\n"])
        try scratch.git("update-ref", "refs/remotes/origin/main", "HEAD")
        #expect(try notes(base: base).isEmpty)
        try scratch.git("reset", "-q", "--hard", old)
        #expect(
            try notes(base: base) == [
                "the base 'main' is 1 commit behind 'origin/main'\n"
                    + "  hint: 'git pull' brings the branch up to date, 'base: origin/main' starts from there"
            ])
    }

    @Test func `what a plan without a scope leaves out`() throws {
        try scratch.commit(["README.md": "text\n"])
        let notes = try notes { $0.stages[0].scope = Plan.Scope(sourcesOnly: true) }
        #expect(notes.count == 1)
        #expect(
            notes[0].hasPrefix("2 files in scope left out: .gitignore, README.md (the plan names no files"), "\(notes)")
    }

    @Test func `a cycle that is cut`() throws {
        let notes = try notes { $0.stages[0].decompose = DecomposeRules(maxCycle: 2) }
        #expect(notes.count == 1)
        #expect(notes[0].hasPrefix("3 files around a.py depend on each other and are cut into "), "\(notes)")
        #expect(notes[0].contains("'decompose: {max_cycle: 3}'"))
    }

    @Test func `programs that a slot or the sandbox does not have`() throws {
        let tool = scratch.home + "/tool.sh"
        try FileManager.default.createDirectory(atPath: scratch.home, withIntermediateDirectories: true)
        try "true\n".write(toFile: tool, atomically: true, encoding: .utf8)
        func check(_ command: String, _ sandbox: SandboxRules = SandboxRules()) throws -> [String] {
            try notes { plan in
                plan.sandbox = sandbox
                plan.stages[0].verify.landing = [Check(name: "tests", run: command)]
            }
        }
        let hidden = try check("sh \(tool)")
        #expect(hidden.count == 1)
        #expect(hidden.first?.hasPrefix("check 'tests' names \(tool), which the sandbox hides\n  hint: ") == true)
        #expect(hidden.first?.contains("sandbox: {read: [\(scratch.home)]}") == true)
        #expect(try check("sh \(tool)", SandboxRules(read: [scratch.home])).isEmpty)
        #expect(try check("sh \(tool)", SandboxRules(mode: .off)).isEmpty)
        #expect(try check("/bin/sh run.sh").isEmpty && check("./run.sh && build/test").isEmpty)
        let missing = try check("./.venv/bin/pytest -q")
        #expect(missing.count == 1)
        #expect(missing.first?.hasPrefix("check 'tests' starts '.venv/bin/pytest', which is in no commit") == true)
        let script = try check("sh tools/lint.sh src")
        #expect(script.count == 1)
        #expect(script.first?.hasPrefix("check 'tests' starts 'tools/lint.sh', which is in no commit") == true)
        // The folder of the script is not the top one.
        #expect(try check("cd tools && sh ./lint.sh src").isEmpty)
        let before = try check("sh tools/lint.sh && cd src && sh ./other.sh")
        #expect(before.count == 1)
        let absent = try check("no-such-tool src")
        #expect(absent.count == 1)
        #expect(absent.first?.hasPrefix("check 'tests' needs the program 'no-such-tool', which was not found") == true)
    }
}
