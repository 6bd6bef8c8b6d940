import Foundation
import Git
import Jobs
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

/// A worker changes what is in no tree, at random. No verdict depends on it.
@Suite struct SlotContentTests {
    /// What a worker may do beside its work, and a check that is green only because of it.
    private static let harms: [(harm: String, check: String)] = [
        ("mkdir -p pkg/sub", "test -d pkg/sub"), ("mkdir -p d/empty", "test -d d/empty"),
        ("touch x.o", "test -e x.o"), ("mkdir -p build/deep; touch build/deep/y", "test -e build/deep/y"),
        ("chmod 755 .gitignore; chmod 600 .gitignore", "test $(stat -c %a .gitignore) = 600"),
        ("chmod 1777 d", "test -k d"), ("touch -d 1999-01-01 d/c.txt", "test $(stat -c %Y d/c.txt) -lt 1000000000"),
        ("touch -d 1999-01-01 d", "test $(stat -c %Y d) -lt 1000000000"),
        ("ln d/c.txt z.o", "test $(stat -c %h d/c.txt) -gt 1"), ("git config x.y z", "git config x.y"),
        ("git tag mine", "git rev-parse -q --verify mine"),
        ("echo '*' >.git/info/exclude", "grep -qx '*' .git/info/exclude"),
        ("git update-index --assume-unchanged d/c.txt", "git ls-files -v | grep -q ^h"),
        ("mkdir cache; echo '*' >cache/.gitignore", "test -d cache"),
        ("mkdir -p in/.git; echo x >in/.git/HEAD", "test -d in"),
        ("mkdir .git/hooks; touch .git/hooks/x", "test -e .git/hooks/x"),
    ]

    @Test(arguments: 0..<8)
    func `a worker that changes anything outside the tree never changes a verdict`(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let chosen = Self.harms.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random))
        let asked = try #require(chosen.randomElement(using: &random))
        let writes = Bool.random(using: &random)
        let list = [Check(name: "same", run: asked.check)]
        let fixture = try RunFixture(
            files: ["a.txt": "a\n", "b.txt": "b\n", "d/c.txt": "c\n", ".gitignore": "*.o\nbuild/\n"],
            tasks: [("a.txt", []), ("b.txt", [])]
        ) { plan in
            plan.verify.done = list
            plan.verify.landing = list
        }
        let worker = (writes ? "echo \(seed) >a.txt; " : "") + chosen.map(\.harm).joined(separator: "; ")
        let rung = Rung(worker: Worker(name: "w", run: worker))
        for (number, task) in fixture.tasks.enumerated() {
            let attempt = Attempt(task: task, number: number + 1, rung: rung, base: fixture.base)
            var run = AttemptRun(attempt, in: fixture.context.work)
            let fact = await run.run()
            guard case .attemptFailed? = fact else {
                Issue.record("an attempt passed by what is in no tree: \(chosen), \(String(describing: fact))")
                continue
            }
        }
        // The trees that the worker left, and the base, as the landing queue asks for them.
        for text in ["\(seed)\n", "a\n"] {
            let commit = try fixture.commit(["a.txt": text], on: fixture.base)
            let verdict = try await fixture.context.commitCheck(of: fixture.tasks[0], logs: "1").verdict(
                list, on: .init(commit: commit, tree: fixture.git.repository.treeOf(commit)))
            #expect(!verdict.isGreen, "\(chosen)")
        }
    }

    @Test func `slots are cleared, also those that an earlier coordinator made`() async throws {
        let fixture = try RunFixture()
        let (folder, target) = (fixture.state.slots + "/p", fixture.git.repository)
        let commit = try fixture.commit(["a.txt": "refused\n"], on: fixture.base)
        let path = try await SlotPool(folder: folder, target: target, numbers: 0..<2).withSlot { slot in
            try await slot.move(to: commit)
            try "refused".write(toFile: slot.treePath + "/planted", atomically: true, encoding: .utf8)
            return slot.treePath
        }
        await fixture.context.slots.clear(at: fixture.base)
        #expect(try String(contentsOfFile: path + "/a.txt", encoding: .utf8) == "a\n")
        #expect(!FileManager.default.fileExists(atPath: path + "/planted"))
        // No slot is made for that.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["0"])
    }
}
