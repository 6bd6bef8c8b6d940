import Foundation
import TestSupport
import Testing

/// A run that goes on while its base gets new commits.
@Suite(.ownThreads) struct FollowTests {
    /// Two tasks, of which the second is under way until `go` is there.
    private func begun() throws -> (shop: Workshop, process: Process) {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old = 1\n", "b.py": "import a\nold = 2\n"])
        try shop.plan(
            """
            scope: {include: ["*.py"]}
            workers:
              environment: [TRACE]
              ladder:
                - run: "if test {task} = b.py; then until test -e $TRACE.go; do sleep 0.05; done; fi; sed -i s/old/new/ {files}"
                  attempts: 1
            verify:
              done:
                - run: "grep -q new {file}"
              landing:
                - name: no poison
                  run: test ! -e poison
            """, base: "{ref: main, follow: true}")
        let process = try shop.start("migrate", "--plan", shop.planPath, saying: said(shop))
        shop.wait("the first task has landed") { (try? shop.landed()) == ["a.py"] }
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

    @Test func theBranchIsPutOntoNewCommitsOfItsBase() throws {
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
        #expect(hasSaid(shop, "the branch now stands on \(moved.prefix(10))"))
        // The next run finds everything where it is.
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 0)
        #expect(try shop.landed() == ["a.py", "b.py"])
    }

    @Test(arguments: [
        (["poison": "x\n"], "on it, check 'no poison' failed"), (["a.py": "older = 1\n"], "changes the same lines as"),
    ])
    func aBaseThatDoesNotGoWithWhatLandedIsNotFollowed(files: [String: String], reason: String) throws {
        let (shop, process) = try begun()
        let before = try shop.repository.git("rev-parse", shop.integration)
        let moved = try shop.repository.commit(files)
        shop.wait("it is said why") { hasSaid(shop, reason) }
        try finish(shop, process)
        #expect(try shop.landed() == ["a.py", "b.py"])
        #expect(!holds(shop, moved) && holds(shop, before))
    }
}
