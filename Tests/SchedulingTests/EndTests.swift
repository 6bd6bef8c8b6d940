import Model
import Testing

@testable import Scheduling

@Suite("The check of the whole branch")
struct EndTests {
    private let tip = World.id(1)

    private func scheduler(final: Bool = true) -> Scheduler {
        var plan = Plan(
            name: "demo", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"), attempts: 1)]))
        if final { plan.verify.final = [Check(name: "whole", run: "make check")] }
        let task = MigrationTask(id: TaskID("a"), title: "a", files: ["a"])
        var scheduler = Scheduler(.init(plan: plan, base: tip, tip: tip, tasks: [task]))
        _ = scheduler.handle(.coordinatorStarted(.init(processID: 1, tip: tip)))
        return scheduler
    }

    private var done: Fact {
        .foundDone(.init(task: TaskID("a"), attempt: 1, base: tip, checks: [], seconds: 1))
    }

    private func checked(_ commit: ObjectID, green: Bool = true) -> Fact {
        let check = CheckResult(
            name: "whole", command: "make check", outcome: green ? .passed : .failed, status: 0, seconds: 1)
        return .finalChecked(.init(commit: commit, tree: commit, checks: [check], seconds: 1))
    }

    @Test(arguments: [true, false])
    func `it comes once, when nothing is left to do, and the run ends after it`(green: Bool) {
        var scheduler = scheduler()
        #expect(scheduler.handle(done) == [.checkFinal])
        #expect(scheduler.handle(.flaky(FlakeRate(check: "x", runs: 1, flakes: 0))) == [])
        #expect(scheduler.handle(checked(tip, green: green)) == [.finish])
    }

    @Test func `a plan without one ends at once`() {
        var scheduler = scheduler(final: false)
        #expect(scheduler.handle(done) == [.finish])
    }

    @Test func `a branch that was moved meanwhile is checked again`() {
        var scheduler = scheduler()
        _ = scheduler.handle(done)
        #expect(scheduler.handle(.tipMoved(found: World.id(2))) == [])
        #expect(scheduler.handle(checked(tip)) == [.checkFinal])
        #expect(scheduler.handle(checked(World.id(2))) == [.finish])
    }

    @Test func `a coordinator that takes the run up asks again`() {
        var scheduler = scheduler()
        _ = scheduler.handle(done)
        _ = scheduler.handle(.coordinatorStopped(reason: "asked to"))
        #expect(scheduler.handle(.coordinatorStarted(.init(processID: 2, tip: tip))) == [.checkFinal])
    }

    @Test func `work that turns up meanwhile is done first`() {
        var scheduler = scheduler()
        _ = scheduler.handle(done)
        let task = MigrationTask(id: TaskID("b"), title: "b", files: ["b"])
        _ = scheduler.handle(.tasksAdded(.init(tasks: [task], cause: TaskID("a"), reason: "more")))
        #expect(scheduler.handle(checked(tip)) == [])
        let found = Fact.foundDone(.init(task: TaskID("b"), attempt: 1, base: tip, checks: [], seconds: 1))
        // The branch is where it was when it was checked.
        #expect(scheduler.handle(found) == [.finish])
    }

    @Test func `how flaky landing checks were in earlier runs is where the queue's arithmetic starts`() {
        var statistics = LandingStatistics()
        #expect(statistics.flakeRate == 0)
        statistics.begin(with: FlakeRate(check: "tests", runs: 1_000, flakes: 100))
        #expect(abs(statistics.flakeRate - 0.1) < 1e-9)
        for _ in 0..<20 { statistics.judged(after: 1) }
        // What this run shows counts as well, and what is said of it later does not.
        #expect(abs(statistics.flakeRate - 0.05) < 1e-9)
        statistics.begin(with: FlakeRate(check: "lint", runs: 10, flakes: 10))
        #expect(abs(statistics.flakeRate - 0.05) < 1e-9)
    }

    @Test func `a failure is looked at once more the sooner, the less a check takes beside an attempt`() {
        func confirms(checkSeconds: Double) -> Bool {
            var statistics = LandingStatistics()
            statistics.judged(after: checkSeconds)
            statistics.attempted(for: 600)
            // Twenty were looked at, none of which was a flake.
            for _ in 0..<21 { statistics.failedAlone(.once) }
            for _ in 0..<20 { statistics.confirmed(.once, turned: false) }
            return AutoPolicy().confirms(.once, statistics)
        }
        #expect(confirms(checkSeconds: 5))
        #expect(!confirms(checkSeconds: 600))
    }

    @Test func `a run whose time is up does not wait for the checks of the whole`() {
        var scheduler = scheduler()
        #expect(scheduler.handle(.draining(reason: "budget")) == [.stop(reason: "budget")])
    }
}
