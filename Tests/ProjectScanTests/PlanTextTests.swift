import Foundation
import Model
import PlanFile
import ProjectScan
import Testing

@Suite struct PlanTextTests {
    private func proposal(_ fixture: ScanFixture, goal: String = "Use pathlib.") -> PlanProposal {
        PlanProposal(
            name: "demo", goal: goal, repository: "..", title: "shop", base: "main", profile: fixture.profile,
            ladder: [.init(use: "fixer", attempts: 1, environment: ["A=b c", "B=\"\\n$1\""], note: "Fixes things.")],
            hasAgent: false,
            checks: fixture.profile.toolchains.flatMap(\.checks).prefix(1).map { .init(name: "tests", check: $0) },
            maxParallel: 2, knowsSetup: PlanLoader.knows(key: "setup"))
    }

    private let python = ScanFixture(
        files: ["a.py": "x = 1\n", "test_a.py": "import unittest\n"], ignored: [".env"])

    /// Reads a text as `migrate` does, with a worker `fixer` that does nothing.
    private func load(_ text: String) throws -> LoadedPlan {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("init-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let worker = folder.appendingPathComponent("workers/fixer")
        try FileManager.default.createDirectory(at: worker, withIntermediateDirectories: true)
        try "version: 1\nname: fixer\nrun: \"true\"\nenvironment: [\"A=\", \"B=\"]\n".write(
            to: worker.appendingPathComponent("worker.yaml"), atomically: true, encoding: .utf8)
        return try PlanLoader.load(
            text: text, path: folder.appendingPathComponent("demo.yaml").path,
            workerFolders: [folder.appendingPathComponent("workers").path]
        ).get()
    }

    @Test func `the text is a plan, and only its done check is left to a person`() throws {
        let loaded = try load(proposal(python, goal: "Use pathlib.\n\nKeep: \"behaviour\" # as it is").text)
        #expect(loaded.warnings.map(\.message) == ["no done check: every task is given to a worker, migrated or not"])
        let plan = loaded.plan
        #expect(plan.name == "demo")
        #expect(plan.goal == "Use pathlib.\n\nKeep: \"behaviour\" # as it is\n")
        #expect(plan.base == "main")
        #expect(plan.scope.include == ["**/*.py"])
        #expect(plan.scope.exclude == ["**/test_*.py"])
        #expect(plan.verify.landing.map(\.run) == ["python3 -B -m unittest -q"])
        #expect(plan.verify.task == plan.verify.landing)
        #expect(plan.stages[0].ladder[0].worker.environment.contains("B=\"\\n$1\""))
        #expect(plan.workers.maxParallel == 2)
    }

    @Test func `every check that a scan can propose can be written`() throws {
        var all = proposal(python)
        let fixtures: [ScanFixture] = [
            ScanFixture(files: ["pom.xml": "", "A.java": ""]), ScanFixture(files: ["meson.build": "test(", "a.c": ""]),
            ScanFixture(files: ["Gemfile": "", "a.rb": "", "test/a_test.rb": ""]),
            ScanFixture(files: ["a.py": "", "tox.ini": ""]),
        ]
        let checks = fixtures.flatMap { $0.profile.toolchains.flatMap(\.checks) }
        all.checks = checks.enumerated().map { .init(name: "check \($0)", check: $1) }
        #expect(try load(all.text).plan.verify.landing.map(\.run) == checks.map(\.run))
    }

    @Test func `what was seen of a check is written beside it`() throws {
        var plan = proposal(python)
        plan.triedOn = "9085546a55"
        plan.checks[0].trial = CheckTrial(verdict: .passed, seconds: 1.25, testsRun: 3, seesBrokenTree: true)
        #expect(plan.text.contains("# Passed on 9085546a55 in 1.2 s, 3 tests."))
        #expect(plan.text.contains("# It fails when the files in scope are broken, as it should."))
        plan.checks[0].trial?.seesBrokenTree = false
        #expect(plan.text.contains("# WARNING: it passes when the files in scope are broken"))
        plan.checks[0].trial?.verdict = .flaky
        #expect(try load(plan.text).plan.verify.landing[0].retries == 1)
        plan.checks[0].trial?.seconds = 400
        #expect(try load(plan.text).plan.verify.landing[0].timeout == 34 * 60)
    }

    @Test func `a red base is the baseline`() throws {
        var plan = proposal(python)
        plan.checks[0].trial = CheckTrial(verdict: .failed, seconds: 1, reason: "test_a.T: AssertionError")
        let verify = try load(plan.text).plan.verify
        #expect(verify.allowBaselineFailures)
        #expect(verify.baseline.map(\.run) == verify.landing.map(\.run))
    }

    @Test func `a check that does not work is a comment with its reason`() throws {
        var plan = proposal(python)
        plan.checks[0].trial = CheckTrial(verdict: .broken, seconds: 1, reason: "No module named 'six'")
        #expect(try load(plan.text).plan.verify.landing == [])
        #expect(plan.text.contains("#   No module named 'six'"))
        #expect(plan.text.contains("# No check works, so every tree lands."))
    }

    @Test func `a codemod with a pattern gives a done check`() throws {
        var plan = proposal(python)
        plan.done = DoneProposal(
            codemod: "replace", environment: [#"REPLACE_PATTERN=\bold\("#, "REPLACE_BY=new("])
        let done = try #require(try load(plan.text).plan.verify.done.first)
        #expect(done.environment == [#"REPLACE_PATTERN=\bold\("#])
        #expect(done.run.contains("{file}"))
        #expect(DoneProposal(codemod: "comby", environment: []) == nil)
    }

    @Test func `an agent has a budget in money`() throws {
        var plan = proposal(python)
        plan.hasAgent = true
        plan.otherAgents = ["codex"]
        #expect(plan.text.contains("# Also ready on this machine: codex.\n"))
        #expect(try load(plan.text).plan.budget.usd == 20)
    }

    @Test func `commands with network are given the proxy and the certificates of this machine, by name`() throws {
        var plan = proposal(ScanFixture(files: ["a.py": "", "requirements.txt": "six\n", "tox.ini": ""]))
        plan.checks = [
            .init(name: "tox", check: CheckProposal(.tests, "tox", needsNetwork: true, environment: ["A=1"]))
        ]
        plan.networkVariables = PlanProposal.networkVariables(of: [
            "PIP_INDEX_URL": "https://me:secret@example.invalid", "SSL_CERT_FILE": "/ca", "EDITOR": "vi",
        ])
        let loaded = try load(plan.text).plan
        #expect(loaded.setup.steps.map(\.environment) == [["SSL_CERT_FILE", "PIP_INDEX_URL"]])
        #expect(loaded.verify.landing.map(\.environment) == [["A=1", "SSL_CERT_FILE", "PIP_INDEX_URL"]])
        #expect(!plan.text.contains("secret"))
    }

    @Test func `setup and copied files are written where plans may have them`() {
        var plan = proposal(
            ScanFixture(files: ["a.py": "", "requirements.txt": "six\n"], ignored: [".env"]))
        plan.knowsSetup = true
        #expect(plan.text.contains("\nsetup:\n  - run: \"python3 -m venv .venv "))
        #expect(plan.text.contains("    inputs: [\"requirements.txt\"]\n"))
        #expect(plan.text.contains("\ncopy: [\".env\"]\n"))
        plan.knowsSetup = false
        #expect(!plan.text.contains("\nsetup:") && !plan.text.contains("\ncopy:"))
    }
}
