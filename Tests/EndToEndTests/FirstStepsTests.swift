import Foundation
import Model
import Store
import TestSupport
import Testing

/// What a first plan of one's own meets.
@Suite(.ownThreads) struct FirstStepsTests {
    private func plan(_ worker: String, verify: String = "", sandbox: String = "", base: String = "main") throws
        -> Workshop
    {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "nothing to do\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers: {ladder: [{\(worker), attempts: 1}]}
            verify: {\(verify)}
            \(sandbox)
            """, base: base)
        return shop
    }

    @Test(arguments: [("done", "already-done"), ("failed", "failed")])
    func `a worker that finds nothing to do`(rule: String, state: String) throws {
        let shop = try plan("run: 'sed -i s/old/new/ {files}', no_change: \(rule)")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == (rule == "done" ? 0 : 1), "\(result.errorText)")
        #expect(try shop.landed() == ["a.py"])
        #expect(try shop.task("b.py").state.rawValue == state)
    }

    @Test func `a done check says more than a worker that changes nothing`() throws {
        let shop = try plan(
            "run: 'sed -i s/old/new/ {files}', no_change: done", verify: "done: [{run: 'grep -q new {file}'}]")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.task("b.py").state == .failed)
    }

    @Test func `the sandbox shows a folder beside the plan`() throws {
        let shop = try plan(
            "run: 'sed -i -f \"$RULES\" {files}', no_change: done, environment: ['RULES=RULES_PATH']",
            sandbox: "sandbox: {read: [./rules]}")
        try shop.directory.makeDirectory("rules")
        let rules = shop.directory.appending("rules/old.sed")
        try "s/old/new/\n".write(toFile: rules, atomically: true, encoding: .utf8)
        let text = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try text.replacingOccurrences(of: "RULES_PATH", with: rules)
            .write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["a.py"])
    }

    @Test func `a run from HEAD lands on the branch that was checked out`() throws {
        let shop = try plan("run: 'sed -i s/old/new/ {files}', no_change: done", base: "HEAD")
        try shop.repository.git("checkout", "-q", "-b", "topic")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        try shop.repository.git("checkout", "-q", "main")
        let landing = try shop.orchestrate("land")
        #expect(landing.status == 0, "\(landing.errorText)")
        #expect(landing.text.hasPrefix("topic is now at "), "\(landing.text)")
        #expect(try shop.text("a.py", at: "topic") == "new")
        #expect(try shop.text("a.py", at: "main") == "old")
    }

    @Test func `a run from a detached HEAD has no branch to land on`() throws {
        let shop = try plan("run: 'sed -i s/old/new/ {files}', no_change: done", base: "HEAD")
        try shop.repository.git("checkout", "-q", "--detach")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let landing = try shop.orchestrate("land")
        #expect(landing.status == 3 && landing.errorText.contains("--into BRANCH"), "\(landing.errorText)")
    }

    /// Moves the plan of a workshop into a folder of its own, with a script beside it and a worker below it.
    private func inOwnFolder(_ shop: Workshop) throws -> String {
        try shop.directory.makeDirectory("my plans/workers/mine")
        let folder = shop.directory.appending("my plans")
        let files = [
            "check.sh": "! grep -q old *.py\n",
            "workers/mine/fix.sh": "sed -i s/old/new/ \"$@\"\n",
            "workers/mine/worker.yaml":
                "version: 1\nname: mine\nno_change: done\nrun: sh {worker_dir}/fix.sh {files}\n",
            "plan.yaml": try String(contentsOfFile: shop.planPath, encoding: .utf8),
        ]
        for (name, text) in files {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        return "\(folder)/plan.yaml"
    }

    @Test func `scripts beside the plan and in a worker's folder are found and readable`() throws {
        let shop = try plan("use: mine", verify: "landing: [{run: 'sh {plan_dir}/check.sh', probe: off}]")
        let result = try shop.orchestrate("migrate", "--plan", inOwnFolder(shop))
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["a.py"])
    }

    @Test func `the folder of a plan that holds the repository is not shown`() throws {
        let shop = try plan("run: 'sh {plan_dir}/fix.sh {files}'")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 2)
        #expect(result.errorText.contains("which holds the repository"), "\(result.errorText)")
    }

    @Test func `a plan without a scope takes source code and names the rest`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "README.md": "old\n", "data.csv": "old\n"])
        try shop.plan("workers: {ladder: [{run: 'sed -i s/old/new/ {files}', attempts: 1}]}")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["a.py"])
        #expect(result.errorText.contains("2 files in scope left out: README.md, data.csv (the plan names no files"))
    }
}
