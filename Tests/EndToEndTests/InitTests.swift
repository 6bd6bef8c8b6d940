import Foundation
import Model
import TestSupport
import Testing

/// `orchestrate init`, and plans that no verb has to name.
@Suite(.ownThreads) struct InitTests {
    /// A Python project whose worker, in a folder of the plan, replaces `old` by `new`.
    private func project(_ files: [String: String] = [:]) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(
            [
                "app/text.py": "def word():\n    return 'old'\n",
                "tests/__init__.py": "",
                "tests/test_text.py": """
                import unittest
                from app.text import word

                class TextTests(unittest.TestCase):
                    def test_word(self):
                        self.assertIn(word(), ('old', 'new'))

                """,
                ".orchestrate/workers/fixer/worker.yaml": """
                version: 1
                name: fixer
                run: sed -i s/old/new/ {files}

                """,
            ].merging(files) { $1 })
        return shop
    }

    private func initialise(_ shop: Workshop, _ more: String...) throws -> ScratchProcessResult {
        try shop.orchestrate(
            ["init", "--goal", "Say new, not old", "--name", "demo", "--worker", "fixer"] + more)
    }

    @Test func `init and migrate without an edit land a task`() throws {
        let shop = try project()
        let result = try initialise(shop)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("wrote .orchestrate/demo.yaml"))
        #expect(result.text.contains("orchestrate migrate    "))
        #expect(result.errorText.contains("fails on broken files, as it should"), "\(result.errorText)")
        let plan = try shop.repository.read(".orchestrate/demo.yaml")
        #expect(plan.contains("base: main\n"))
        #expect(plan.contains("      run: python3 -B -m unittest -q\n"))
        let run = try shop.orchestrate("migrate")
        #expect(run.status == 0, "\(run.errorText)\(run.text)")
        #expect(try shop.landed().contains("app-text.py"))
        #expect(try shop.text("app/text.py").contains("'new'"))
    }

    @Test func `nothing of the trial stays, and only the plan is written`() throws {
        let shop = try project()
        let before = try shop.repository.git("for-each-ref")
        #expect(try initialise(shop).status == 0)
        #expect(try shop.repository.git("for-each-ref") == before)
        #expect(try shop.repository.git("status", "--porcelain") == "?? .orchestrate/demo.yaml")
        let state = shop.directory.appending("state/orchestrate")
        let slots = try FileManager.default.subpathsOfDirectory(atPath: state).filter { $0.contains(".trial") }
        #expect(slots == [])
    }

    @Test func `a check that does not see the files is reported`() throws {
        // The tests import nothing of the project.
        let shop = try project([
            "tests/test_text.py": "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"
        ])
        let result = try initialise(shop)
        #expect(result.text.contains("passes on a tree with broken files, so broken code could land"))
        #expect(try shop.repository.read(".orchestrate/demo.yaml").contains("WARNING: it passes when"))
    }

    @Test func `a set-up that fails is reported once, and its checks stay in the plan`() throws {
        let shop = try project()
        try shop.repository.commit([
            "app/word.js": "exports.word = 'old';\n",
            "package.json": #"{"scripts": {"test": "node --test"}, "dependencies": {"words": "file:nowhere"}}"#,
            "package-lock.json": "{}",
        ])
        let result = try initialise(shop)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "set-up failed: npm ci").count == 2, "\(result.errorText)")
        #expect(result.errorText.contains("no check was tried, because its set-up failed"), "\(result.errorText)")
        #expect(!result.text.contains("no check works on the base"), "\(result.text)")
        let plan = try shop.repository.read(".orchestrate/demo.yaml")
        #expect(plan.contains("    # It was not tried.\n    - name: tests\n      run: npm test\n"), "\(plan)")
    }

    @Test func `a red base becomes the baseline`() throws {
        let shop = try project(["app/text.py": "def word():\n    return 'older'\n"])
        let result = try initialise(shop)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.repository.read(".orchestrate/demo.yaml").contains("allow_baseline_failures: true"))
        #expect(try shop.orchestrate("plan", "check").status == 0)
    }

    @Test func `a plan is not replaced without force`() throws {
        let shop = try project()
        try shop.repository.write(".orchestrate/demo.yaml", "mine\n")
        let refused = try initialise(shop)
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("hint: replace it with --force"))
        #expect(try shop.repository.read(".orchestrate/demo.yaml") == "mine\n")
        #expect(try initialise(shop, "--force").status == 0)
        #expect(try shop.repository.read(".orchestrate/demo.yaml").hasPrefix("# A plan for target"))
    }

    @Test func `what is missing is asked for by name`() throws {
        let shop = try project()
        let goal = try shop.orchestrate("init", "--worker", "fixer")
        #expect(goal.status == 64)
        #expect(goal.errorText.contains("hint: orchestrate init --goal"))
        let worker = try shop.orchestrate("init", "--goal", "g", "--worker", "fixr")
        #expect(worker.status == 64)
        #expect(worker.errorText.contains("did you mean 'fixer'?"))
        let name = try shop.orchestrate("init", "--goal", "g", "--worker", "fixer", "--name", "a/b")
        #expect(name.status == 64)
        #expect(!FileManager.default.fileExists(atPath: shop.repository.appending(".orchestrate/g.yaml")))
    }

    @Test func `settings of a codemod that have no value are named`() throws {
        let shop = try project([
            ".orchestrate/workers/fixer/worker.yaml":
                "version: 1\nname: fixer\nrun: sed -i s/$FROM/$TO/ {files}\nenvironment: [\"FROM=\", \"TO=\"]\n"
        ])
        let note = "settings of 'fixer' have no value; add them to the plan, or: orchestrate init --set TO=…\n"
        let some = try shop.orchestrate("init", "--goal", "g", "--codemod", "fixer", "--set", "FROM=old")
        #expect(some.text.contains(note), "\(some.text)\(some.errorText)")
        let all = try shop.orchestrate(
            "init", "--goal", "g", "--force", "--codemod", "fixer", "--set", "FROM=old", "--set", "TO=new")
        #expect(all.status == 0 && !all.text.contains("have no value"))
    }

    @Test func `JSON has what was found, and what was seen of each check`() throws {
        let shop = try project()
        func read(_ result: ScratchProcessResult) throws -> JSON {
            try JSONDecoder().decode(JSON.self, from: Data(result.standardOutput))
        }
        let found = try read(try shop.orchestrate("init", "--json"))
        #expect(found["repository"]?["languages"]?.array?.first?["name"]?.string == "Python")
        #expect(found["plan"] == nil)
        let written = try read(try initialise(shop, "--json"))
        #expect(written["plan"]?.string?.hasSuffix("/.orchestrate/demo.yaml") == true)
        let trial = written["checks"]?.array?.first?["trial"]
        #expect(trial?["verdict"]?.string == "passed")
        #expect(trial?["sees_broken_tree"]?.bool == true)
        #expect(trial?["tests_run"]?.integer == 1)
    }

    @Test func `a plan may be beside the repository`() throws {
        let shop = try project()
        try shop.repository.git("mv", ".orchestrate/workers", "workers-of-mine")
        try shop.repository.git("commit", "--quiet", "-m", "Move")
        try FileManager.default.createDirectory(
            atPath: shop.directory.appending(".orchestrate"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: shop.repository.appending("workers-of-mine"),
            toPath: shop.directory.appending(".orchestrate/workers"))
        let result = try initialise(shop, "--beside")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(FileManager.default.fileExists(atPath: shop.directory.appending(".orchestrate/target/demo.yaml")))
        #expect(try shop.orchestrate("plan", "show").status == 0)
    }

    // MARK: Plans that are not named

    private func orchestrate(_ shop: Workshop, in folder: String, _ arguments: String...) throws -> ScratchProcessResult
    {
        try run(
            Workshop.program, arguments, in: shop.repository.appending(folder), environment: shop.environment, input: []
        )
    }

    @Test func `the only plan is found from any folder`() throws {
        let shop = try project()
        #expect(try initialise(shop).status == 0)
        #expect(try orchestrate(shop, in: "app", "plan", "check").text.contains("no errors in plan 'demo'"))
        #expect(try orchestrate(shop, in: "app", "plan", "show").text.contains("app-text.py"))
        #expect(try orchestrate(shop, in: "app", "check").errorText.contains("--plan") == false)
        #expect(try orchestrate(shop, in: "app", "simulate", "--runs", "1").status == 0)
        #expect(try orchestrate(shop, in: "app", "workers").text.contains("fixer"))
        #expect(try orchestrate(shop, in: "app", "migrate").status == 0)
    }

    @Test func `one of several plans has to be named`() throws {
        let shop = try project()
        let none = try shop.orchestrate("migrate")
        #expect(none.status == 64)
        #expect(none.errorText.contains("hint: write one with 'orchestrate init'"))
        try shop.repository.write(".orchestrate/a.yaml", "")
        try shop.repository.write(".orchestrate/b.yaml", "")
        let several = try shop.orchestrate("migrate")
        #expect(several.status == 64)
        #expect(several.errorText.contains("there are 2 plans: .orchestrate/a.yaml, .orchestrate/b.yaml"))
        #expect(several.errorText.contains("--plan .orchestrate/a.yaml"))
    }
}
