import Foundation
import TestSupport
import Testing

/// What a slot has beside the files of its commit.
@Suite(.ownThreads) struct SlotSetupTests {
    /// A shop of three files, whose worker and checks need what the set-up makes.
    private func shop(
        _ setup: String, worker: String = "sed -i s/old/new/ {files}", check: String = "true",
        files: [String: String] = [:], more: String = ""
    ) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(
            ["a.txt": "old\n", "b.txt": "old\n", "c.txt": "old\n", ".gitignore": "node_modules/\n.env\n"]
                .merging(files) { $1 })
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            \(setup)
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder: [{run: "\(worker)", attempts: 1}]
            verify:
              done: [{run: "grep -q new {file}"}]
              task: [{name: deps, run: "\(check)"}]
              landing: [{name: deps, run: "\(check)", probe: off}]
            \(more)
            """)
        return shop
    }

    private static let install =
        "setup: [{name: install, run: \"mkdir -p node_modules/x && echo good >node_modules/x/index.js && echo ran >>$TRACE\", environment: [TRACE]}]"

    @Test
    func `a command that lists tasks has what the set-up makes, and a failing step names paths of the repository`()
        throws
    {
        let listing = """
            decompose:
              strategy: list
              tasks:
                command: |
                  printf '[{"files": ["%s"]}]' "$(cat node_modules/list)"
            """
        let setup = "setup: [{name: list, run: \"mkdir -p node_modules && echo a.txt >node_modules/list\"}]"
        let shop = try shop(setup, more: listing)
        let shown = try shop.orchestrate("plan", "show", shop.planPath)
        #expect(
            shown.status == 0 && shown.text.contains("tasks         1, over 1 of "), "\(shown.text)\(shown.errorText)")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 1)
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try plan.replacingOccurrences(of: "mkdir -p node_modules &&", with: "echo $PWD/list.txt is odd; exit 3;").write(
            toFile: shop.planPath, atomically: true, encoding: .utf8)
        let failed = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(failed.status == 3)
        #expect(failed.errorText.contains("\n    list.txt is odd\n"), "\(failed.errorText)")
    }

    @Test func `a worker that poisons node_modules reaches neither the next attempt nor a check`() throws {
        let poison =
            "grep -qx good node_modules/x/index.js || exit 1; sed -i s/old/new/ {files}; "
            + "touch -r node_modules/x/index.js .t; printf 'evil\\\\n' >node_modules/x/index.js; "
            + "touch -r .t node_modules/x/index.js; rm .t; echo more >node_modules/x/more.js"
        let shop = try shop(
            Self.install, worker: poison,
            check: "grep -qx good node_modules/x/index.js && test ! -e node_modules/x/more.js")
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
        #expect(shop.traceLines() == ["ran"])
        #expect(result.errorText.contains("setting up the slots: install"), "\(result.errorText)")
        #expect(try shop.fingerprint() == before)
        #expect(
            try shop.repository.git("ls-tree", "-r", "--name-only", shop.integration).contains("node_modules") == false)
    }

    @Test func `a step runs again for a commit in which its inputs differ`() throws {
        let shop = try shop(
            "setup: [{run: \"mkdir -p node_modules && cp deps.txt node_modules/version && cat deps.txt >>$TRACE\", inputs: [deps.txt], environment: [TRACE]}]",
            check: "cmp deps.txt node_modules/version", files: ["deps.txt": "old\n"])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 4)
        #expect(shop.traceLines() == ["old", "new"])
        let told = try shop.orchestrate("explain", "deps.txt").text
        #expect(told.contains("set-up: "), "\(told)")
    }

    @Test func `a step that fails stops the run once, with its output`() throws {
        let shop = try shop(
            "setup: [{name: install, run: \"echo no such package: left-pad; exit 7\"}]",
            worker: "echo worked >>$TRACE; sed -i s/old/new/ {files}")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3, "\(result.text)\(result.errorText)")
        #expect(result.errorText.contains("set-up step 'install' failed with exit status 7"), "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "    no such package: left-pad").count == 2)
        #expect(shop.traceLines() == [])
    }

    @Test func `outputs that Git does not ignore are named, with the fix`() throws {
        let shop = try shop(
            "setup: [{name: make, run: \"mkdir out node_modules; echo 1 >out/x; echo 1 >>a.txt; echo 1 >node_modules/y\"}]"
        )
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3)
        for words in ["out/x  (new)", "a.txt  (changed)", ".gitignore", "git checkout -- \"a.txt\""] {
            #expect(result.errorText.contains(words), "\(result.errorText)")
        }
        #expect(!result.errorText.contains("node_modules/y  ("))
    }

    @Test func `what only the user's own excludes ignore may be made, and is no work of a worker`() throws {
        let shop = try shop(
            "setup: [{run: \"mkdir .venv; echo 1 >.venv/x\"}]", worker: "sed -i s/old/new/ {files}; echo 2 >.venv/new",
            check: "test -e .venv/x && test ! -e .venv/new")
        try shop.repository.write(".git/info/exclude", "/.venv/\n")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
    }

    @Test func `a change that breaks the set-up is the attempt's failure`() throws {
        let shop = try shop(
            "setup: [{name: install, run: \"grep -q old deps.txt && mkdir node_modules\", inputs: [deps.txt]}]",
            files: ["deps.txt": "old\n"])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
        let told = try shop.orchestrate("explain", "deps.txt").text
        #expect(told.contains("set-up step 'install' failed"), "\(told)")
    }

    @Test func `a file is copied from the checkout, never written back, and its secrets are in no log`() throws {
        let secret = "s3cr3t" + "-value-0123456789"
        let shop = try shop(
            "copy: [.env]", worker: "cat .env; sed -i s/old/new/ {files}; echo changed >>.env",
            check: "cat .env; ! grep -q changed .env && grep -q API_TOKEN .env && grep -q PLAIN=yes .env")
        try shop.repository.write(".env", "PLAIN=yes\nexport API_TOKEN=\"\(secret)\"\n")
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 3)
        #expect(try shop.fingerprint() == before)
        let found = try run(
            "/bin/sh", ["-c", "grep -rl '\(secret)' state | grep -E '/(jobs|logs)/|sqlite' || true"],
            in: shop.directory.path, environment: shop.environment, input: [])
        #expect(found.text == "")
    }

    @Test func `a secret of a copied file never lands`() throws {
        let secret = "s3cr3t" + "-value-0123456789"
        let shop = try shop("copy: [.env]", worker: "cat .env >{files}; echo new >>{files}")
        try shop.repository.write(".env", "API_TOKEN=\(secret)\n")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        #expect(try shop.landed() == [])
    }

    @Test func `a glob of copy that matches nothing stops the run before it starts`() throws {
        let shop = try shop("copy: [.envv]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 2)
        #expect(result.errorText.contains("'.envv'") && result.errorText.contains("ls-files"), "\(result.errorText)")
    }

    @Test func `a step without inputs runs once in each run, and one with inputs not again`() throws {
        let shop = try shop(
            """
            setup:
              - {run: "mkdir -p node_modules; echo a >>node_modules/a; echo a >>$TRACE", inputs: [.gitignore], environment: [TRACE]}
              - {run: "echo b >>node_modules/b; echo b >>$TRACE", environment: [TRACE]}
            """, check: "grep -c a node_modules/a | grep -qx 1 && grep -c b node_modules/b | grep -qx 1")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        try shop.repository.git("merge", "-q", "--ff-only", shop.integration)
        try shop.repository.commit(["d.txt": "old\n"])
        let again = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(again.status == 0, "\(again.text)\(again.errorText)")
        #expect(shop.traceLines() == ["a", "b", "b"])
    }

    @Test func `steps of a stage replace those of the plan`() throws {
        let shop = try shop(
            "setup: [{run: \"mkdir node_modules; echo plan >node_modules/who\"}]",
            check: "grep -qx stage node_modules/who",
            more: "stages: [{name: one, setup: [{run: \"mkdir node_modules; echo stage >node_modules/who\"}]}]")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
    }

    @Test func `a virtual environment works in a slot, and imports the slot`() throws {
        let shop = try shop(
            "setup: [{name: venv, run: \"python3 -m venv --without-pip .venv && pwd >.venv/lib/here.pth && cp $(pwd)/.venv/lib/here.pth $(ls -d .venv/lib/python3*/site-packages)/here.pth && printf '#!%s/.venv/bin/python\\\\nimport place; print(place.__file__)\\\\n' $PWD >.venv/bin/tool && chmod +x .venv/bin/tool\"}]",
            check: "cd / && test $($OLDPWD/.venv/bin/tool) = $OLDPWD/place.py",
            files: [".gitignore": ".venv/\n", "place.py": "x = 1\n"])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        let told = try shop.orchestrate("explain", "a.txt").text
        #expect(result.status == 0, "\(result.text)\(result.errorText)\(told)")
        #expect(try shop.landed().count == 3)
    }
}
