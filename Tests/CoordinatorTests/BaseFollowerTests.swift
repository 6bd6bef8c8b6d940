import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("Following the base")
struct BaseFollowerTests {
    /// A commit of a task on the integration branch.
    private func landed(_ file: String, _ text: String, in fixture: RunFixture, on tip: ObjectID) throws -> ObjectID {
        try fixture.commit([file: text], on: tip, message: "p: \(file)\n\nwhy\n\nOrchestrate-Task: \(file)")
    }

    private func kept(_ fact: Fact?) -> String? {
        guard case .base(.kept(_, let reason))? = fact else { return nil }
        return reason
    }

    @Test func `puts the landed commits onto the new base`() async throws {
        let fixture = try RunFixture()
        let tip = try landed("a.txt", "A\n", in: fixture, on: fixture.base)
        let base = try fixture.commit(["b.txt": "new\n"], on: fixture.base)
        let fact = await BaseFollower(context: fixture.context).follow(base, from: tip)
        guard case .base(.rebased(let rebased))? = fact else { Issue.record("\(String(describing: fact))"); return }
        #expect(rebased.base == base && rebased.from == tip)
        #expect(rebased.commits == [.init(task: TaskID("a.txt"), commit: rebased.tip)])
        #expect(try fixture.text("a.txt", in: rebased.tip) == "A")
        #expect(try fixture.text("b.txt", in: rebased.tip) == "new")
        let record = try fixture.git.repository.commit(rebased.tip)
        #expect(record.parents == [base])
        #expect(record.subject == "p: a.txt")
    }

    @Test func `stays where the base has nothing new, or changes the same lines`() async throws {
        let fixture = try RunFixture()
        let tip = try landed("a.txt", "A\n", in: fixture, on: fixture.base)
        let follower = BaseFollower(context: fixture.context)
        #expect(kept(await follower.follow(fixture.base, from: tip)) == "it has no new commits")
        let base = try fixture.commit(["a.txt": "theirs\n"], on: fixture.base)
        #expect(kept(await follower.follow(base, from: tip)) == "it changes the same lines as 'p: a.txt': a.txt")
    }

    @Test func `every commit is judged there where the plan promises each`() async throws {
        // The first commit is red on the new base, and the second one mends it.
        func fixture(everyCommit: Bool) throws -> RunFixture {
            try RunFixture { plan in
                plan.verify.landing = [Check(name: "whole", run: "! grep -q broken a.txt || ! grep -q new b.txt")]
                plan.landing.everyCommit = everyCommit
            }
        }
        for everyCommit in [true, false] {
            let fixture = try fixture(everyCommit: everyCommit)
            let first = try landed("a.txt", "broken\n", in: fixture, on: fixture.base)
            let tip = try landed("a.txt", "mended\n", in: fixture, on: first)
            let base = try fixture.commit(["b.txt": "new\n"], on: fixture.base)
            let fact = await BaseFollower(context: fixture.context).follow(base, from: tip)
            if everyCommit {
                #expect(kept(fact)?.hasPrefix("on it, ") == true)
            } else {
                guard case .base(.rebased)? = fact else { Issue.record("\(String(describing: fact))"); return }
            }
        }
    }

    @Test func `the last commit is always judged`() async throws {
        let fixture = try RunFixture { plan in
            plan.verify.landing = [Check(name: "whole", run: "! grep -q new b.txt")]
            plan.landing.everyCommit = false
        }
        let tip = try landed("a.txt", "A\n", in: fixture, on: fixture.base)
        let base = try fixture.commit(["b.txt": "new\n"], on: fixture.base)
        #expect(kept(await BaseFollower(context: fixture.context).follow(base, from: tip)) != nil)
    }

    @Test func `adopts by compare-and-swap, and takes the task branches along`() async throws {
        let fixture = try RunFixture()
        let tip = try landed("a.txt", "A\n", in: fixture, on: fixture.base)
        let base = try fixture.commit(["b.txt": "new\n"], on: fixture.base)
        try fixture.set("orchestrate/p", to: tip)
        let follower = BaseFollower(context: fixture.context)
        guard case .base(.rebased(let rebased))? = await follower.follow(base, from: tip) else {
            Issue.record("not rebased")
            return
        }
        #expect(try await follower.adopt(rebased) == .base(.followed(rebased)))
        #expect(try fixture.git.integration.tip() == rebased.tip)
        #expect(try fixture.repository.git("rev-parse", "orchestrate-task/p/a.txt") == rebased.tip.hex)
        // Somebody else was faster.
        let theirs = try fixture.commit(["c.txt": "c\n"], on: tip)
        try fixture.set("orchestrate/p", to: theirs)
        #expect(try await follower.adopt(rebased) == .tipMoved(found: theirs))
    }

    @Test func `reports a new commit of the base once`() async throws {
        let fixture = try RunFixture()
        let next = try fixture.commit(["b.txt": "new\n"], on: fixture.base)
        try fixture.set("main", to: next)
        let (stream, continuation) = AsyncStream<ObjectID>.makeStream()
        let follower = BaseFollower(context: fixture.context)
        let base = fixture.base
        let watch = Task { await follower.watch(from: base) { continuation.yield($0) } }
        var first: ObjectID?
        for await commit in stream {
            first = commit
            break
        }
        watch.cancel()
        #expect(first == next)
    }
}
