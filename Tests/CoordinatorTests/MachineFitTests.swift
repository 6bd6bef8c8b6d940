import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite struct MachineFitTests {
    @Test(
        arguments: [
            (16.0, 2, 4, 1), (16, 4, 4, 2), (16, 8, 4, 4), (1, 2, 4, 4), (16, 1, 1, 1), (16, 2, 1, 1), (nil, 1, 3, 3),
            (5, 2, 4, 1), (4.9, 2, 4, 4),
        ] as [(Double?, Int, Int, Int)])
    func `long landing checks run side by side only as the cores bear it`(
        seconds: Double?, cores: Int, workers: Int, slots: Int
    ) {
        #expect(MachineFit(cores: cores).slots(seconds: seconds, workers: workers).count == slots)
    }

    @Test(
        arguments: [
            (nil, 2, false, 4), (1, 2, false, 4), (16, 1, false, 1), (16, 2, false, 1), (16, 8, false, 4),
            (16, 64, false, 8), (16, 1, true, 2), (16, 3, true, 3), (16, 64, true, 4),
        ] as [(Double?, Int, Bool, Int)])
    func `long checks of a task leave cores for each other, and agents mostly wait`(
        seconds: Double?, cores: Int, areAgents: Bool, workers: Int
    ) {
        #expect(MachineFit(cores: cores).workers(seconds: seconds, areAgents: areAgents).count == workers)
    }

    @Test func `the reasons name figures`() {
        let fit = MachineFit(cores: 2)
        #expect(
            fit.slots(seconds: 16.2, workers: 4).reason == "the landing checks take 16 s, and this machine has 2 cores")
        #expect(
            fit.slots(seconds: 0.2, workers: 4).reason == "as many as workers: the landing checks take less than 1 s")
        #expect(fit.workers(seconds: nil, areAgents: false).reason == "the default")
        #expect(
            MachineFit(cores: 1).workers(seconds: 7, areAgents: false).reason
                == "the checks of a task take 7 s, and this machine has 1 core")
    }

    private func plan(open: Bool, slots: Int? = nil) -> Plan {
        var workers = WorkerRules(maxParallel: 3, ladder: [])
        workers.isParallelOpen = open ? true : nil
        return Plan(
            name: "p", goal: "g", repository: "/r", workers: workers,
            verify: VerifyRules(
                task: [Check(name: "unit", run: "unit")], landing: [Check(name: "all", run: "all")]),
            landing: LandingRules(verifySlots: slots))
    }

    /// The look at the base: the task check took 6 s, and the landing check 9 s.
    private func facts() throws -> [Fact] {
        let id = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        let results = [("unit", 6.0), ("all", 9)].map { name, seconds in
            CheckResult(name: name, command: name, outcome: .passed, status: 0, seconds: seconds)
        }
        return [.baselineChecked(.init(commit: id, tree: id, checks: results, seconds: 15))]
    }

    private func fitted(_ plan: Plan, _ facts: [Fact]) throws -> Plan {
        let directory = try ScratchDirectory("fit")
        let store = try EventStore(path: directory.appending("state.sqlite"))
        return try withExtendedLifetime(directory) {
            try MachineFit(cores: 2).fitting(plan, after: facts, in: store)
        }
    }

    @Test func `what the plan leaves open is chosen with its reason`() throws {
        let chosen = try fitted(plan(open: true), try facts())
        #expect(
            chosen.parallelWords
                == "1 worker at a time (the checks of a task take 6 s, and this machine has 2 cores), "
                + "1 verify slot (as many as workers: the landing checks take 9 s)")
        #expect(
            try fitted(plan(open: true), []).parallelWords
                == "4 workers at a time (the default), 4 verify slots (as many as workers)")
    }

    @Test func `a number in the plan stays`() throws {
        #expect(
            try fitted(plan(open: false, slots: 2), try facts()).parallelWords
                == "3 workers at a time (as the plan says), 2 verify slots (as the plan says)")
        let half = try fitted(plan(open: false), try facts())
        #expect(half.workers.maxParallel == 3 && half.landing.verifySlots == 1)
    }

    @Test func `a run keeps its choice unless the plan says a number`() {
        let file = plan(open: true)
        var begun = file
        begun.landing.verifySlots = 1
        begun.landing.slotsReason = "why"
        begun.workers.maxParallel = 1
        begun.workers.parallelReason = "why"
        #expect(begun.isSameWork(as: file))
        #expect(begun.taking(limitsOf: file) == begun)
        var other = file
        other.landing.verifySlots = 3
        #expect(begun.taking(limitsOf: other).landing == other.landing)
        #expect(!begun.isSameWork(as: plan(open: false)))
    }

    @Test func `landing slots have the same numbers whatever is chosen, so that no worker was ever in one`() {
        var few = plan(open: true)
        few.workers.maxParallel = 1
        var many = plan(open: true)
        many.workers.maxParallel = WorkerRules.mostChosen
        #expect(few.workers.slotCount == many.workers.slotCount)
        #expect(plan(open: false).workers.slotCount == 3)
    }
}
