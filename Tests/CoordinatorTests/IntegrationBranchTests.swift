import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("The integration branch")
struct IntegrationBranchTests {
    private let fixture: RunFixture
    private var branch: IntegrationBranch { fixture.git.integration }

    init() throws { fixture = try RunFixture() }

    @Test func `is made where it does not exist`() throws {
        #expect(try branch.tip() == nil)
        #expect(try branch.move(from: nil, to: fixture.base, reason: "start") == .moved)
        #expect(try branch.tip() == fixture.base)
        #expect(try fixture.repository.git("log", "-g", "--format=%gs", "orchestrate/p") == "orchestrate: start")
    }

    @Test func `moves from the commit it is at to the next`() throws {
        let next = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        _ = try branch.move(from: nil, to: fixture.base, reason: "start")
        #expect(try branch.move(from: fixture.base, to: next, reason: "lands") == .moved)
        #expect(try branch.tip() == next)
    }

    @Test func `is left alone where somebody else has added commits`() throws {
        let theirs = try fixture.commit(["a.txt": "theirs\n"], on: fixture.base)
        let ours = try fixture.commit(["a.txt": "ours\n"], on: fixture.base)
        try fixture.set("orchestrate/p", to: theirs)
        #expect(try branch.move(from: fixture.base, to: ours, reason: "lands") == .overtaken(by: theirs))
        #expect(try branch.tip() == theirs)
    }

    @Test func `that lost what has landed stops the run`() throws {
        let landed = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        let next = try fixture.commit(["b.txt": "B\n"], on: landed)
        try fixture.set("orchestrate/p", to: fixture.base)
        let error = #expect(throws: CoordinatorError.self) {
            try branch.move(from: landed, to: next, reason: "lands")
        }
        guard case .integrationRewound("orchestrate/p", landed, fixture.base) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try branch.tip() == fixture.base)
    }

    @Test func `that was deleted stops the run`() throws {
        let next = try fixture.commit(["b.txt": "B\n"], on: fixture.base)
        #expect(throws: CoordinatorError.self) { try branch.move(from: fixture.base, to: next, reason: "lands") }
        #expect(try branch.tip() == nil)
    }

    @Test func `is not moved while a checkout shows it`() throws {
        try fixture.repository.git("switch", "-q", "-c", "orchestrate/p")
        let next = try fixture.commit(["b.txt": "B\n"], on: fixture.base)
        let error = #expect(throws: CoordinatorError.self) {
            try branch.move(from: fixture.base, to: next, reason: "lands")
        }
        guard case .integrationCheckedOut("orchestrate/p", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try branch.tip() == fixture.base)
    }

    @Test func `lands the last commit of a candidate and says which tasks`() throws {
        let one = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        let two = try fixture.commit(["b.txt": "B\n"], on: one)
        try fixture.set("orchestrate/p", to: fixture.base)
        let landed = Fact.Landed(
            candidate: 7,
            commits: [.init(task: TaskID("a.txt"), commit: one), .init(task: TaskID("b.txt"), commit: two)])
        #expect(try fixture.git.land(landed, from: fixture.base) == .landed(landed))
        #expect(try branch.tip() == two)
        let reflog = try fixture.repository.git("log", "-g", "-1", "--format=%gs", "orchestrate/p")
        #expect(reflog == "orchestrate: p-1 lands a.txt, b.txt")
        #expect(try fixture.git.land(landed, from: fixture.base) == .tipMoved(found: two))
    }

    @Test func `task branches follow their commits wherever they pointed before`() throws {
        let one = try fixture.commit(["a.txt": "A\n"], on: fixture.base)
        let two = try fixture.commit(["a.txt": "AA\n"], on: fixture.base)
        for commit in [one, two, two] {
            try fixture.git.moveTaskBranches([.init(task: TaskID("a.txt"), commit: commit)])
            #expect(try fixture.repository.git("rev-parse", "orchestrate-task/p/a.txt") == commit.hex)
        }
    }
}
