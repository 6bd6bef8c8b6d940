import Foundation
import TestSupport
import Testing

/// One task has a bad worker; the other two must land and the reason must be told.
@Suite(.ownThreads) struct BadWorkerTests {
    private func shop(_ bad: String, more: String = "", timeout: String = "60s") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "bad.py": "old\n", "needs_bad.py": "import bad\nold\n", "good.py": "old\n", "other.py": "old\n",
            "outside.txt": "mine\n",
        ])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              timeout: \(timeout)
              ladder:
                - use: mixed
                  run: "echo {task} >>$TRACE; if [ {task} = bad.py ]; then \(bad); else sed -i s/old/new/ {files}; fi"
                  attempts: 2
            verify:
              done: [{run: "! grep -q old {file}"}]
            \(more)
            """)
        return shop
    }

    private func expectFailed(_ shop: Workshop, _ words: String, attempts: Int = 2) throws {
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        #expect(try shop.landed().sorted() == ["good.py", "other.py"])
        #expect(shop.traceLines().filter { $0 == "bad.py" }.count == attempts)
        #expect(!shop.traceLines().contains("needs_bad.py"))
        let told = try shop.orchestrate("explain", "bad.py").text
        #expect(told.contains(words), "\(told)")
        #expect(try shop.orchestrate("explain", "needs_bad.py").text.contains("bad.py"))
        #expect(try shop.orchestrate("explain", "nobody.py").status == 64)
        #expect(try shop.text("outside.txt") == "mine")
    }

    @Test func `one that writes outside its files`() throws {
        try expectFailed(shop("sed -i s/old/new/ bad.py; echo x >outside.txt; echo y >planted.txt"), "outside.txt")
    }

    @Test func `one that does nothing`() throws { try expectFailed(shop("true"), "the worker changed nothing") }

    @Test func `one that exits with one`() throws { try expectFailed(shop("echo went wrong; exit 1"), "went wrong") }

    @Test func `one that is not there stops the run at once`() throws {
        let shop = try shop("no-such-program")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 4, "\(result.errorText)")
        #expect(shop.traceLines().filter { $0 == "bad.py" }.count == 1)
        #expect(try shop.orchestrate("explain", "bad.py").text.contains("no-such-program"))
    }

    @Test func `one that names files of its slot is quoted with the paths of the repository`() throws {
        let outcome =
            "printf '{\"summary\": \"see %s/bad.py\", \"reason\": \"%s is odd\"}' $PWD $PWD >{job}/outcome.json"
        let shop = try shop(
            "sed -i s/old/new/ bad.py; " + outcome.replacingOccurrences(of: "\"", with: "\\\""))
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let review = try shop.orchestrate("review", "bad.py").text
        #expect(review.contains("    . is odd"), "\(review)")
        #expect(!review.contains("/tree"), "\(review)")
    }

    @Test func `one that does half of it`() throws {
        try expectFailed(shop("echo old stays >bad.py"), "done")
    }

    @Test func `one that hangs with a child in the background`() throws {
        let mark = "9\(UInt32.random(in: 100_000...999_999))"
        let shop = try shop(
            "(setsid sleep \(mark) &); sleep \(mark) & sleep \(mark)", timeout: "1s")
        try expectFailed(shop, "still running after 1 s")
        #expect(try shop.survivors("sleep \(mark)") == [])
    }

    @Test func `one that leaves a child behind and succeeds`() throws {
        let mark = "9\(UInt32.random(in: 100_000...999_999))"
        let shop = try shop("sed -i s/old/new/ bad.py; (nohup sleep \(mark) >/dev/null 2>&1 &)")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.survivors("sleep \(mark)") == [])
    }

    @Test func `one that plants hooks and a monitor in its slot`() throws {
        let shop = try shop(
            "git update-index --assume-unchanged bad.py; echo bad.py >.git/info/exclude; "
                + "git config core.fsmonitor 'touch '$TRACE.hook; git config core.hooksPath .git/hooks; "
                + "for h in pre-commit post-checkout post-index-change reference-transaction; do "
                + "(echo '#!/bin/sh'; echo touch $TRACE.hook) >.git/hooks/$h; chmod +x .git/hooks/$h; done; "
                + "sed -i s/old/new/ bad.py")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(!FileManager.default.fileExists(atPath: shop.trace + ".hook"))
        #expect(try shop.text("bad.py") == "new")
        #expect(try shop.landed().count == 4)
    }

    @Test func `one that uses Git freely`() throws {
        let shop = try shop(
            "sed -i s/old/new/ bad.py; git -c user.name=w -c user.email=w@x commit -qam mine; git branch -f main HEAD; git tag stolen; git stash list"
        )
        let before = try shop.repository.git("rev-parse", "main")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.repository.git("rev-parse", "main") == before)
        #expect(try shop.repository.gitResult(["rev-parse", "--verify", "stolen"]).status != 0)
        #expect(try shop.landed().count == 4)
    }

    @Test func `what was wrong reaches the next attempt`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              ladder:
                - run: "grep -q 'Attempt 2: what was wrong' {prompt} && grep -q '^error: unexpected flavour' {prompt} && sed -i s/old/new/ {files}; echo >>{files}"
                  prompt: file
                  attempts: 2
            verify:
              task: [{run: "grep -q new {files} || { echo 'error: unexpected flavour'; exit 1; }"}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(
            try shop.repository.git(
                "log", "-1", "--format=%(trailers:key=Orchestrate-Attempt,valueonly,separator=)", shop.integration)
                == "2")
    }

    @Test func `the ladder is climbed`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n", "b.py": "old\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              ladder:
                - {use: cheap, run: "test {task} = a.py && sed -i s/old/new/ {files}", attempts: 1}
                - {use: dear, run: "sed -i s/old/new/ {files}", attempts: 1}
            verify:
              done: [{run: "! grep -q old {file}"}]
            """)
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        let workers = try shop.repository.git(
            "log", "--format=%(trailers:key=Orchestrate-Worker,valueonly,separator=)", "main..\(shop.integration)")
        #expect(workers.split(separator: "\n").sorted() == ["cheap", "dear"])
    }
}
