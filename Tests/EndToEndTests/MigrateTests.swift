import Foundation
import TestSupport
import Testing

@Suite(.ownThreads) struct MigrateTests {
    private func demo() throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "app/base.py": "old = 1\n", "app/middle.py": "import app.base\nold\n",
            "app/top.py": "from app import middle\nold old\n", "app/done.py": "fine\n", "README": "old\n",
        ])
        return shop
    }

    @Test func `every file is migrated in one commit each least dependent first`() throws {
        let shop = try demo()
        try shop.replacingPlan()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.landed() == ["app-base.py", "app-middle.py", "app-top.py"])
        #expect(try shop.text("app/top.py") == "from app import middle\nnew new")
        #expect(try shop.text("README") == "old")
        // No worker for what was green already, and one for each of the others.
        #expect(shop.traceLines().sorted() == ["app-base.py", "app-middle.py", "app-top.py"])
        for file in ["base", "middle", "top"] {
            let commit = try shop.repository.git("log", "-1", "--format=%H", shop.integration, "--", "app/\(file).py")
            #expect(try shop.repository.git("diff", "--name-only", "\(commit)^", commit) == "app/\(file).py")
        }
    }

    @Test func `a commit says why and on what evidence`() throws {
        let shop = try demo()
        try shop.replacingPlan("  landing:\n    - name: tests\n      run: \"true\"")
        try shop.orchestrate("migrate", "--plan", shop.planPath)
        let message = try shop.repository.git("log", "-1", "--format=%B", shop.integration)
        #expect(message.hasPrefix("demo: app/top.py\n\nSay new instead of old.\n"))
        #expect(message.contains("tests: passed on this tree before it landed"))
        func trailer(_ key: String) throws -> String {
            try shop.repository.git(
                "log", "-1", "--format=%(trailers:key=\(key),valueonly,separator=)", shop.integration)
        }
        #expect(try trailer("Orchestrate-Run") == "demo-1")
        #expect(try trailer("Orchestrate-Attempt") == "1")
        #expect(try trailer("Orchestrate-Worker") == "replace")
        #expect(try trailer("Verified-Tree") == shop.repository.git("rev-parse", "\(shop.integration)^{tree}"))
    }

    @Test func `what the user has is not touched`() throws {
        let shop = try demo()
        try shop.repository.write("app/base.py", "my own edit\n")
        try shop.repository.write("new file", "untracked\n")
        try shop.repository.write("app/middle.py", "staged\n")
        try shop.repository.git("add", "app/middle.py")
        try shop.repository.git("stash", "push", "--keep-index", "--", "app/base.py")
        try shop.repository.write("app/base.py", "again\n")
        let before = try shop.fingerprint()
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.fingerprint() == before)
        #expect(try shop.text("app/base.py") == "new = 1")
    }

    @Test func `a rebase that is under way is not disturbed`() throws {
        let shop = try demo()
        try shop.repository.git("switch", "--quiet", "-c", "side")
        try shop.repository.commit(["README": "side\n"])
        try shop.repository.git("switch", "--quiet", "main")
        try shop.repository.commit(["README": "main\n"])
        try shop.repository.git("switch", "--quiet", "side")
        #expect(try shop.repository.gitResult(["rebase", "main"]).status != 0)
        let before = try shop.fingerprint()
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.fingerprint() == before)
        #expect(try shop.repository.git("status").contains("rebas"))
    }

    @Test func `a second run finds nothing to do`() throws {
        let shop = try demo()
        try shop.replacingPlan()
        try shop.orchestrate("migrate", "--plan", shop.planPath)
        let tip = try shop.repository.git("rev-parse", shop.integration)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0)
        #expect(try shop.repository.git("rev-parse", shop.integration) == tip)
        #expect(shop.traceLines().count == 3)
    }

    @Test func `what checks leave behind is neither committed nor seen by the next task`() throws {
        let shop = try demo()
        try shop.repository.commit(["generated": "0\n"])
        try shop.plan(
            """
            scope: {include: ["app/*.py"]}
            workers:
              max_parallel: 1
              ladder:
                - run: "test ! -e junk && grep -q 0 generated && sed -i s/old/new/g {files}"
                  attempts: 1
            verify:
              probe: off
              done:
                - run: "touch junk; ! grep -q old {file}"
              task:
                - run: "echo 1 > generated; touch junk more-junk"
              landing:
                - run: "test ! -e junk && grep -q 0 generated && echo 2 > generated && touch junk"
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(
            try shop.repository.git("diff", "--name-only", "main", shop.integration)
                == "app/base.py\napp/middle.py\napp/top.py")
    }

    @Test func `tasks that collide are done again on the new tip`() throws {
        let shop = try Workshop()
        var files = ["count": "0\n", "log": "start\n"]
        for number in 0..<8 { files["f\(number).py"] = "old\n" }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              max_parallel: 4
              ladder:
                - run: "sed -i s/old/new/ {files}; echo $(($(cat count) + 1)) >count; echo {task} >>log"
                  attempts: 1
            verify:
              probe: off
              done: [{run: "! grep -q old {file}"}]
              landing: [{run: "test $(cat count) = $(grep -l new *.py | wc -l)"}]
            guards: {also_allow: [count, log]}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.text("count") == "8")
        #expect(try shop.text("log").split(separator: "\n").count == 9)
        #expect(try shop.landed().count == 8)
    }

    @Test func `green apart and red together never lands`() throws {
        let shop = try Workshop()
        var files = ["seen/README": ""]
        for number in 0..<4 { files["f\(number).py"] = "old\n" }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              conflict_attempts: 2
              ladder:
                - run: "sed -i s/old/new/ {files}; touch seen/{task}"
                  attempts: 1
            verify:
              probe: off
              landing: [{name: at-most-two, run: "test $(ls seen | wc -l) -le 3"}]
            guards: {also_allow: ["seen/*"]}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1)
        #expect(try shop.landed().count == 2)
        for commit in try shop.repository.git("rev-list", "main..\(shop.integration)").split(separator: "\n") {
            let names = try shop.repository.git("ls-tree", "--name-only", "\(commit):seen").split(separator: "\n")
            #expect(names.count <= 3)
        }
    }

    @Test func `check says what is done and starts no worker`() throws {
        let shop = try demo()
        try shop.replacingPlan()
        let page = shop.directory.appending("graph.html")
        let before = try shop.orchestrate("check", "--plan", shop.planPath, "--html", page)
        #expect(before.status == 1, "\(before.errorText)")
        #expect(before.text.contains("done  app-done.py") && before.text.contains("open  app-top.py"))
        #expect(shop.traceLines().isEmpty)
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains(" fails"))
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.orchestrate("check", "--plan", shop.planPath).status == 0)
    }

    @Test func `a scaffold lives between its two tasks`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "import a\nold\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            decompose:
              strategy: scaffold
              scaffold:
                add:
                  files: [shim.txt]
                  workers: {ladder: [{run: "echo both >shim.txt"}]}
                  verify: {done: [{run: "test -e {file}"}]}
                remove:
                  files: [shim.txt]
                  workers: {ladder: [{run: "rm shim.txt"}]}
                  verify: {done: [{run: "test ! -e {file}"}]}
            workers: {ladder: [{run: "test -e shim.txt && sed -i s/old/new/ {files}"}]}
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["add-scaffold", "a.py", "b.py", "remove-scaffold"])
        #expect(try shop.repository.git("ls-tree", "--name-only", shop.integration) == "a.py\nb.py")
    }

    @Test func `a command may list the tasks`() throws {
        let shop = try demo()
        try shop.plan(
            """
            scope: {include: ["**/*.py"]}
            decompose:
              strategy: list
              tasks: {command: "cat tasks.json"}
            workers: {ladder: [{run: "sed -i s/old/new/g {files}"}]}
            """)
        try shop.repository.commit([
            "tasks.json": """
            [{"id": "second", "files": ["app/base.py"], "depends_on": ["first"]},
             {"id": "first", "files": ["app/top.py", "app/middle.py"], "instructions": "Mind the gap."}]
            """
        ])
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try shop.landed() == ["first", "second"])
        #expect(try shop.repository.git("log", "-1", "--format=%B", "\(shop.integration)^").contains("Mind the gap."))
    }
}
