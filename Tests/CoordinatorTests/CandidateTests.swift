import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("Candidates")
struct CandidateTests {
    private func candidate(
        _ number: Int, _ verified: [Fact.AttemptVerified], tip: ObjectID, after: Int? = nil, isFresh: Bool = false
    ) -> CandidateRunner.Candidate {
        .init(number: number, verified: verified, tip: tip, after: after, isFresh: isFresh)
    }

    private func runner(_ fixture: RunFixture, _ builds: CandidateBuilds = CandidateBuilds()) -> CandidateRunner {
        CandidateRunner(context: fixture.context, builds: builds, turns: WholeTurns())
    }

    @Test func `a task on its own base is landed as it was verified`() async throws {
        let fixture = try RunFixture { $0.verify.landing = [Check(name: "ok", run: "grep -q A a.txt")] }
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        guard case .candidatePassed(let passed)? = await runner(fixture).check(candidate(1, [a], tip: fixture.base))
        else { Issue.record("not passed"); return }
        #expect(passed.commits.map(\.commit) == [a.commit])
        #expect(passed.tree == a.tree)
        #expect(passed.tip == fixture.base)
        #expect(passed.checks.map(\.name) == ["ok"])
    }

    @Test func `two tasks become two commits, and the tree of both is checked`() async throws {
        let fixture = try RunFixture {
            $0.verify.landing = [Check(name: "both", run: "grep -q A a.txt && grep -q B b.txt")]
        }
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        let b = try fixture.verified("b.txt", "B\n", on: fixture.base)
        guard case .candidatePassed(let passed)? = await runner(fixture).check(candidate(1, [a, b], tip: fixture.base))
        else { Issue.record("not passed"); return }
        #expect(passed.commits.map(\.task) == [TaskID("a.txt"), TaskID("b.txt")])
        let last = try #require(passed.commits.last?.commit)
        #expect(try fixture.text("a.txt", in: last) == "A")
        #expect(try fixture.text("b.txt", in: passed.commits[0].commit) == "b")
        #expect(try fixture.git.repository.treeOf(last) == passed.tree)
        #expect(try fixture.git.repository.commit(last).parents == [passed.commits[0].commit])
        #expect(try fixture.git.repository.commit(passed.commits[0].commit).parents == [fixture.base])
    }

    @Test func `a task that changes the same lines as what landed is named as the culprit`() async throws {
        let fixture = try RunFixture()
        let tip = try fixture.commit(["a.txt": "other\n"], on: fixture.base)
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        guard case .candidateFailed(let failed)? = await runner(fixture).check(candidate(1, [a], tip: tip)) else {
            Issue.record("not failed")
            return
        }
        #expect(failed.failure.kind == .conflict)
        #expect(failed.task == TaskID("a.txt"))
        #expect(failed.failure.places == ["a.txt"])
        #expect(failed.tip == tip)
    }

    @Test func `a red check on the task's own base is the task's failure`() async throws {
        let fixture = try RunFixture { $0.verify.landing = [Check(name: "red", run: "! grep -q A a.txt")] }
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        guard case .candidateFailed(let failed)? = await runner(fixture).check(candidate(1, [a], tip: fixture.base))
        else { Issue.record("not failed"); return }
        #expect(failed.failure.kind == .landingCheck)
        #expect(failed.task == TaskID("a.txt"))
        #expect(failed.checks.map(\.outcome) == [.failed])
    }

    @Test func `several tasks that fail together have no culprit`() async throws {
        let fixture = try RunFixture { $0.verify.landing = [Check(name: "red", run: "! grep -q A a.txt")] }
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        let b = try fixture.verified("b.txt", "B\n", on: fixture.base)
        guard case .candidateFailed(let failed)? = await runner(fixture).check(candidate(1, [a, b], tip: fixture.base))
        else { Issue.record("not failed"); return }
        #expect(failed.task == nil)
        #expect(failed.failure.kind == .landingCheck)
    }

    @Test func `a candidate is built on the one before it`() async throws {
        let fixture = try RunFixture {
            $0.verify.landing = [Check(name: "after a", run: "grep -q A a.txt && grep -q B b.txt")]
        }
        let builds = CandidateBuilds()
        let before = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        builds.add(1)
        builds.finish(1, .init(commit: before, tree: try fixture.git.repository.treeOf(before)))
        let b = try fixture.verified("b.txt", "B\n", on: fixture.base)
        builds.add(2)
        let fact = await runner(fixture, builds).check(candidate(2, [b], tip: fixture.base, after: 1))
        guard case .candidatePassed(let passed)? = fact else { Issue.record("not passed"); return }
        #expect(passed.tip == before)
        #expect(await builds.built(2)?.tree == passed.tree)
    }

    @Test func `a candidate on one that could not be built reports nothing`() async throws {
        let fixture = try RunFixture()
        let builds = CandidateBuilds()
        builds.add(1)
        builds.finish(1, nil)
        builds.add(2)
        let b = try fixture.verified("b.txt", "B\n", on: fixture.base)
        #expect(await runner(fixture, builds).check(candidate(2, [b], tip: fixture.base, after: 1)) == nil)
        #expect(await builds.built(2) == nil)
    }

    @Test func `the failure on a moved tip names what landed since the task's base`() async throws {
        let fixture = try RunFixture {
            $0.verify.landing = [Check(name: "apart", run: "! grep -q A a.txt || ! grep -q moved b.txt")]
        }
        let a = try fixture.verified("a.txt", "A\n", on: fixture.base)
        let tip = try fixture.commit(["b.txt": "moved\n"], on: fixture.base)
        guard case .candidateFailed(let failed)? = await runner(fixture).check(candidate(1, [a], tip: tip)) else {
            Issue.record("not failed")
            return
        }
        // The verdict on the task's own commit tells whether it is to blame.
        #expect(failed.failure.kind == .landingCheck)
        #expect(failed.task == TaskID("a.txt"))
        #expect(failed.failure.detail.contains("landed since its base"))
    }

    // MARK: Builds

    @Test func `whoever waits for a build is told once it is finished`() async throws {
        let fixture = try RunFixture()
        let built = CandidateBuilds.Built(commit: fixture.base, tree: fixture.base)
        let builds = CandidateBuilds()
        builds.add(1)
        async let first = builds.built(1)
        async let second = builds.built(1)
        await Task.yield()
        builds.finish(1, built)
        #expect(await first == built)
        #expect(await second == built)
        #expect(await builds.built(1) == built)
    }

    @Test func `a candidate that nobody has announced, or that was forgotten, is not waited for`() async throws {
        let fixture = try RunFixture()
        let builds = CandidateBuilds()
        #expect(await builds.built(9) == nil)
        for number in 1...3 {
            builds.add(number)
            builds.finish(number, .init(commit: fixture.base, tree: fixture.base))
        }
        builds.forget(before: 2)
        #expect(await builds.built(1) == nil)
        #expect(await builds.built(2) != nil)
        #expect(await builds.built(3) != nil)
    }

    @Test func `work on a dissolved candidate is cancelled, also where it comes later`() async {
        let builds = CandidateBuilds()
        func work() -> Task<Void, Never> {
            Task { while !Task.isCancelled { await Task.yield() } }
        }
        builds.add(1)
        let early = work()
        builds.set(early, for: 1)
        builds.cancel(1)
        await early.value
        builds.add(2)
        builds.cancel(2)
        let late = work()
        builds.set(late, for: 2)
        await late.value
        #expect(early.isCancelled && late.isCancelled)
    }
}
