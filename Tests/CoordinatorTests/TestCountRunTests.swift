import Model
import TestSupport
import Testing

@testable import Coordinator

/// How many tests landing checks run is watched.
@Suite struct TestCountRunTests {
    /// The landing check prints the number in `count.txt` as unittest does.
    private func fixture(_ change: @escaping (inout Plan) -> Void = { _ in }) throws -> RunFixture {
        try RunFixture(files: ["a.txt": "a\n", "count.txt": "40\n", "test_x.py": "def test_a():\n    assert 1\n"]) {
            plan in
            plan.verify.landing = [Check(name: "tests", run: "echo Ran $(cat count.txt) tests in 0.1s")]
            change(&plan)
        }
    }

    private func check(_ fixture: RunFixture, _ verified: Fact.AttemptVerified, tip: ObjectID) async -> Fact? {
        await CandidateRunner(context: fixture.context, builds: CandidateBuilds(), turns: WholeTurns()).check(
            .init(number: 1, verified: [verified], tip: tip, after: nil, isFresh: false))
    }

    @Test func `a task after which clearly fewer tests run does not land, without a baseline too`() async throws {
        let fixture = try fixture()
        let fewer = try fixture.verified("count.txt", "8\n", on: fixture.base)
        guard case .candidateFailed(let failed)? = await check(fixture, fewer, tip: fixture.base) else {
            Issue.record("not failed")
            return
        }
        #expect(failed.failure.kind == .landingCheck)
        #expect(failed.failure.detail.contains("8 tests ran, 40 ran on the tip \(fixture.base.short)"))
        let same = try fixture.verified("a.txt", "A\n", on: fixture.base)
        guard case .candidatePassed(let passed)? = await check(fixture, same, tip: fixture.base) else {
            Issue.record("not passed")
            return
        }
        #expect(passed.checks.map(\.testsRun) == [40])
    }

    @Test func `small losses do not add up`() async throws {
        let fixture = try fixture()
        _ = await check(fixture, try fixture.verified("a.txt", "A\n", on: fixture.base), tip: fixture.base)
        let tip = try fixture.commit(["count.txt": "39\n"], on: fixture.base)
        let next = try fixture.verified("a.txt", "A\n", on: tip)
        guard case .candidateFailed(let failed)? = await check(fixture, next, tip: tip) else {
            Issue.record("not failed")
            return
        }
        #expect(failed.failure.detail.contains("39 tests ran, 40 ran on the base"))
    }

    @Test func `a check that ran in part on the tip is compared with its last whole run`() async throws {
        let fixture = try fixture { plan in
            plan.guards.tests = .allow
            plan.verify.landing[0].affected = AffectedRule(wholeEvery: 1)
        }
        let turns = WholeTurns()
        func check(_ number: Int, _ verified: Fact.AttemptVerified) async -> Fact? {
            await CandidateRunner(context: fixture.context, builds: CandidateBuilds(), turns: turns).check(
                .init(number: number, verified: [verified], tip: fixture.base, after: nil, isFresh: false))
        }
        let none = try fixture.verified("count.txt", "0\n", on: fixture.base)
        guard case .candidatePassed? = await check(1, try fixture.verified("a.txt", "A\n", on: fixture.base)),
            case .candidateFailed(let failed)? = await check(2, none)
        else {
            Issue.record("the first must pass, and the second fail")
            return
        }
        #expect(failed.failure.detail.contains("0 tests ran, 40 ran on an earlier tree of the branch"))
    }

    @Test func `a plan that allows it may delete tests, and only by deleting them`() async throws {
        let fixture = try fixture { $0.guards.tests = .allow }
        let silent = try fixture.verified("count.txt", "8\n", on: fixture.base)
        guard case .candidateFailed? = await check(fixture, silent, tip: fixture.base) else {
            Issue.record("not failed")
            return
        }
        let tip = try fixture.commit(["count.txt": "8\n"], on: fixture.base)
        var deleting = try fixture.verified("test_x.py", "x = 1\n", on: tip)
        deleting.base = fixture.base
        deleting.changes = [ChangedPath(path: "test_x.py", added: 1, removed: 2)]
        guard case .candidatePassed? = await check(fixture, deleting, tip: fixture.base) else {
            Issue.record("not passed")
            return
        }
    }
}
