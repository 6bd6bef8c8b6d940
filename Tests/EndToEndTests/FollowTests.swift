import Foundation
import TestSupport
import Testing

/// A run that goes on while its base gets new commits.
@Suite(.ownThreads) struct FollowTests {
    /// Two tasks, of which the second is under way until `go` is there.
    /// - Parameter crash: where the coordinator is to die, as `CrashPoint` has it.
    private func begun(dyingAt crash: String? = nil) throws -> (shop: Workshop, process: Process) {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "import a\nold = 2\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - run: ": \(shop.mark); echo {task} >>$TRACE; if test {task} = b.py; then until test -e $TRACE.go; do sleep 0.05; done; fi; sed -i s/old/new/ {files}"
                  attempts: 1
            verify:
              done:
                - run: "grep -q new {file}"
              landing:
                - name: no poison
                  run: test ! -e poison
                  probe: off
            """, base: "{ref: main, follow: true}")
        var environment = shop.environment
        environment["ORCHESTRATE_CRASH"] = crash
        let process = try shop.start(
            ["migrate", "--plan", shop.planPath], environment: environment, saying: said(shop))
        shop.wait("the first task has landed") { (try? shop.landed()) == ["a.py"] || !process.isRunning }
        return (shop, process)
    }

    /// The file with what the program says.
    private func said(_ shop: Workshop) -> String { shop.directory.appending("said") }

    private func hasSaid(_ shop: Workshop, _ words: String) -> Bool {
        (try? String(contentsOfFile: said(shop), encoding: .utf8).contains(words)) == true
    }

    private func finish(_ shop: Workshop, _ process: Process) throws {
        try "".write(toFile: "\(shop.trace).go", atomically: true, encoding: .utf8)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func holds(_ shop: Workshop, _ commit: String) -> Bool {
        (try? shop.repository.gitResult(["merge-base", "--is-ancestor", commit, shop.integration]).status) == 0
    }

    @Test func `the branch is put onto new commits of its base`() throws {
        let (shop, process) = try begun()
        let before = try shop.repository.git("rev-parse", shop.integration)
        let moved = try shop.repository.commit(["other": "theirs\n"])
        shop.wait("the branch stands on the new base") { holds(shop, moved) }
        try finish(shop, process)
        #expect(try shop.landed() == ["a.py", "b.py"])
        #expect(try shop.text("other") == "theirs")
        #expect(try shop.text("a.py") == "new = 1")
        #expect(try shop.repository.git("rev-parse", "\(shop.integration)~2") == moved)
        #expect(!holds(shop, before))
        #expect(hasSaid(shop, "the branch is now based on \(moved.prefix(10))"))
        // The next run finds everything where it is.
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed() == ["a.py", "b.py"])
    }

    /// The integration branch is made, the branch of the first task, and its landing; then the branch follows its base, and
    /// with it that task's branch.
    @Test(arguments: ["moved:4", "moved:5", "ended:5", "stored:9", "stored:10", "stored:11", "stored:12", "stored:13"])
    func `a run that is killed while it follows goes on`(point: String) throws {
        let (shop, process) = try begun(dyingAt: point)
        let moved = try shop.repository.commit(["other": "theirs\n"])
        shop.wait("it was killed, or has followed") { !process.isRunning || holds(shop, moved) }
        try "".write(toFile: "\(shop.trace).go", atomically: true, encoding: .utf8)
        process.waitUntilExit()
        if point.hasPrefix("moved") {
            #expect(process.terminationReason == .uncaughtSignal)
            #expect(holds(shop, moved))
        }
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try shop.landed() == ["a.py", "b.py"])
        #expect(try shop.text("other") == "theirs")
        #expect(try shop.repository.git("rev-parse", "\(shop.integration)~2") == moved)
        // What has landed is not done again.
        #expect(shop.traceLines().count { $0 == "a.py" } == 1)
        #expect(try shop.survivors() == [])
    }

    @Test(arguments: [
        (["poison": "x\n"], "on it, check 'no poison' failed"), (["a.py": "older = 1\n"], "changes the same lines as"),
    ])
    func `a base that does not go with what landed is not followed`(files: [String: String], reason: String) throws {
        let (shop, process) = try begun()
        let before = try shop.repository.git("rev-parse", shop.integration)
        let moved = try shop.repository.commit(files)
        shop.wait("it is said why") { hasSaid(shop, reason) }
        try finish(shop, process)
        #expect(try shop.landed() == ["a.py", "b.py"])
        #expect(!holds(shop, moved) && holds(shop, before))
    }
}
