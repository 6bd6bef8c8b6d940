import Git
import Model
import Scheduling
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("Recovery after a crash")
struct RecoveryTests {
    private let fixture: RunFixture
    private let commits: [Fact.Landed.Commit]
    private var last: ObjectID { commits[1].commit }

    init() throws {
        fixture = try RunFixture()
        let one = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        let two = try fixture.commit(["b.txt": "B\n"], on: one)
        commits = [.init(task: TaskID("a.txt"), commit: one), .init(task: TaskID("b.txt"), commit: two)]
    }

    private func facts(_ bodies: [LoggedEvent.Body]) throws -> [Fact] {
        let started = Fact.RunStarted(
            plan: fixture.plan, base: fixture.base, tip: fixture.base, tasks: fixture.tasks)
        return try Recovery(integration: fixture.git.integration).facts(
            after: Scheduler(started), events: LoggedEvent.log([.fact(.runStarted(started))] + bodies), processID: 7)
    }

    private func start(_ tip: ObjectID) -> Fact { .coordinatorStarted(.init(processID: 7, tip: tip)) }

    private var land: LoggedEvent.Body { .decision(.land(.init(candidate: 3, commits: commits))) }

    @Test func `goes on where the log ends`() throws {
        try fixture.set("orchestrate/p", to: fixture.base)
        #expect(try facts([]) == [start(fixture.base)])
    }

    @Test func `a landing that moved the branch and was not logged has landed`() throws {
        try fixture.set("orchestrate/p", to: last)
        #expect(try facts([land]) == [.landed(.init(candidate: 3, commits: commits)), start(last)])
    }

    @Test func `a landing that somebody has built on since has landed too`() throws {
        let theirs = try fixture.commit(["c.txt": "C\n"], on: last)
        try fixture.set("orchestrate/p", to: theirs)
        #expect(try facts([land]) == [.landed(.init(candidate: 3, commits: commits)), start(theirs)])
    }

    @Test func `a landing that did not move the branch has not landed`() throws {
        try fixture.set("orchestrate/p", to: fixture.base)
        #expect(try facts([land]) == [start(fixture.base)])
    }

    @Test func `somebody else's commits are not taken for a landing`() throws {
        let theirs = try fixture.commit(["c.txt": "C\n"], on: fixture.base)
        try fixture.set("orchestrate/p", to: theirs)
        #expect(try facts([land]) == [start(theirs)])
        try fixture.set("orchestrate/p", to: last)
        #expect(try facts([land, .fact(.tipMoved(found: fixture.base))]) == [start(last)])
    }

    @Test func `a move onto a new base that was not logged was made`() throws {
        let base = try fixture.commit(["c.txt": "C\n"], on: fixture.base)
        let tip = try fixture.commit(["a.txt": "A\n"], on: base)
        let rebased = Fact.Rebased(base: base, from: fixture.base, tip: tip, commits: [commits[0]])
        try fixture.set("orchestrate/p", to: tip)
        #expect(try facts([.decision(.adopt(rebased))]) == [.base(.followed(rebased)), start(tip)])
        #expect(try facts([.decision(.adopt(rebased)), .fact(.base(.followed(rebased)))]) == [start(tip)])
    }

    @Test func `a branch that was deleted is put back`() throws {
        #expect(try facts([]) == [start(fixture.base)])
        #expect(try fixture.git.integration.tip() == fixture.base)
    }

    @Test func `a branch that lost what had landed is refused`() throws {
        let other = try fixture.repository.git("commit-tree", "-m", "other", "main^{tree}")
        try fixture.set("orchestrate/p", to: try #require(ObjectID(hex: other)))
        #expect(throws: CoordinatorError.self) { try facts([]) }
    }

    @Test func `a coordinator that was killed is named, one that ended in order is not`() throws {
        try fixture.set("orchestrate/p", to: fixture.base)
        let begun = LoggedEvent.Body.fact(.coordinatorStarted(.init(processID: 5, tip: fixture.base)))
        #expect(try facts([begun]) == [.coordinatorLost(processID: 5), start(fixture.base)])
        let ends: [LoggedEvent.Body] = [
            .fact(.coordinatorStopped(reason: "")), .fact(.coordinatorLost(processID: 5)), .decision(.finish),
            .decision(.suspend(reason: "")),
        ]
        for end in ends { #expect(try facts([begun, end]) == [start(fixture.base)]) }
    }
}
