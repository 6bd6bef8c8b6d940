import Model
import Testing

@testable import Simulation

@Suite struct VirtualRunTests {
    private func outcome(
        _ rules: LandingRules, tasks count: Int = 200, workers: Int = 4, odds: Odds
    ) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: 1)
        let plan = Plan(
            name: "p", goal: "", repository: "/", workers: WorkerRules(maxParallel: workers, ladder: [rung]),
            landing: rules)
        let tasks = (0..<count).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
        return run.run()
    }

    @Test(arguments: LandingRules.Policy.allCases)
    func `the same odds give the same run`(policy: LandingRules.Policy) {
        let odds = Odds(workerSeconds: 60, verifySeconds: 20, landingFailures: 0.1, flakes: 0.05, seed: 7)
        let rules = LandingRules(policy: policy, verifySlots: 4, everyCommit: false)
        #expect(outcome(rules, odds: odds) == outcome(rules, odds: odds))
    }

    @Test(arguments: LandingRules.Policy.allCases)
    func `without failures everything lands`(policy: LandingRules.Policy) {
        let outcome = outcome(
            LandingRules(policy: policy, verifySlots: 2), odds: Odds(workerSeconds: 60, verifySeconds: 5))
        #expect(outcome.landed == 200)
        #expect(outcome.failed == 0)
        // 200 attempts of a minute among four workers, and what the last one waits for.
        #expect(outcome.seconds > 2700 && outcome.seconds < 3400)
    }

    @Test func `the share that fails is the share that was asked for`() {
        let outcome = outcome(
            LandingRules(), tasks: 2000, odds: Odds(workerSeconds: 60, verifySeconds: 5, landingFailures: 0.1))
        #expect(outcome.landed + outcome.failed == 2000)
        #expect(outcome.failed > 150 && outcome.failed < 250)
    }

    @Test func `a saturated queue is served by fewer verdicts than tasks`() {
        let odds = Odds(workerSeconds: 60, verifySeconds: 60, landingFailures: 0.05)
        let auto = outcome(LandingRules(verifySlots: 1, everyCommit: false), odds: odds)
        let serial = outcome(LandingRules(policy: .serial, verifySlots: 1), odds: odds)
        #expect(auto.verifies * 2 < serial.verifies)
        #expect(auto.landed == serial.landed)
    }
}

/// What keeps workers from work.
@Suite struct LimitTests {
    private func outcome(
        _ tasks: [MigrationTask], workers: Int, slots: Int, coordinator: Double = 0, checks: Double = 5
    ) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: 1)
        let plan = Plan(
            name: "p", goal: "", repository: "/", workers: WorkerRules(maxParallel: workers, ladder: [rung]),
            landing: LandingRules(policy: .serial, verifySlots: slots))
        let odds = Odds(
            worker: .measured([10]), verify: .measured([checks]), coordinatorSeconds: coordinator)
        var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
        return run.run()
    }

    private func tasks(_ count: Int, chained: Bool = false) -> [MigrationTask] {
        (0..<count).map { number in
            MigrationTask(
                id: TaskID("t\(number)"), title: "", files: ["f\(number)"],
                dependencies: chained && number > 0 ? [TaskID("t\(number - 1)")] : [])
        }
    }

    private func largest(_ outcome: VirtualRun.Outcome) -> VirtualRun.Limit? {
        outcome.idle.max { $0.value < $1.value }?.key
    }

    @Test func `a chain of tasks is held by its dependencies`() {
        let outcome = outcome(tasks(20, chained: true), workers: 8, slots: 8)
        #expect(outcome.landed == 20 && outcome.seconds == 20 * 15)
        #expect(largest(outcome) == .dependencies)
        #expect(outcome.workerSeconds == 200)
    }

    @Test func `all the time of all workers is counted once`() {
        for outcome in [
            outcome(tasks(20, chained: true), workers: 8, slots: 8), outcome(tasks(50), workers: 8, slots: 1),
        ] {
            let counted = outcome.workerSeconds + outcome.idle.values.reduce(0, +)
            #expect(abs(counted - 8 * outcome.seconds) < 0.001)
        }
    }

    @Test func `more workers than tasks have too few tasks`() {
        #expect(largest(outcome(tasks(4), workers: 100, slots: 100)) == .tasks)
    }

    @Test func `a slow coordinator keeps workers waiting`() {
        let fast = outcome(tasks(400), workers: 50, slots: 50, coordinator: 0.001, checks: 0.01)
        let slow = outcome(tasks(400), workers: 50, slots: 50, coordinator: 2, checks: 0.01)
        #expect(slow.seconds >= 400 * 2 && fast.seconds < slow.seconds / 2)
        #expect(largest(slow) == .coordinator)
    }

    @Test func `where tasks need others, few slots for checks hold the run`() {
        // Levels of 40 tasks, each of which needs one of the level below.
        let tasks = (0..<200).map { number in
            MigrationTask(
                id: TaskID("t\(number)"), title: "", files: ["f\(number)"],
                dependencies: number < 40 ? [] : [TaskID("t\(number - 40)")])
        }
        #expect(largest(outcome(tasks, workers: 40, slots: 1)) != .coordinator)
        let few = outcome(tasks, workers: 40, slots: 1)
        let many = outcome(tasks, workers: 40, slots: 40)
        #expect(many.seconds <= few.seconds)
    }

    @Test(arguments: [(0.0, 1.0), (0.34, 2), (0.99, 3)])
    func `measured durations are drawn from as they are`(share: Double, seconds: Double) {
        #expect(Odds.Durations.measured([1, 2, 3]).seconds(at: share) == seconds)
    }

    @Test(arguments: [(0.0, 50.0), (0.5, 100), (1, 150)])
    func `a mean has a spread`(share: Double, seconds: Double) {
        #expect(Odds.Durations.around(100, spread: 0.5).seconds(at: share) == seconds)
    }
}

@Suite struct ForecastTests {
    @Test func `the end of a stage needs no worker`() {
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: 3)
        let plan = Plan(
            name: "p", goal: "", repository: "/", workers: WorkerRules(maxParallel: 2, ladder: [rung]))
        let work = (0..<10).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        let gate = MigrationTask(id: TaskID("gate"), title: "", files: [], dependencies: work.map(\.id))
        let forecast = Forecast(
            plan: plan, tasks: work + [gate], odds: Odds(workerSeconds: 10, verifySeconds: 1, attemptFailures: 0.2),
            runs: 5)
        #expect(forecast.outcomes.count == 5)
        #expect(forecast.outcomes.allSatisfy { $0.landed + $0.failed >= 10 && $0.workersStarted >= 10 })
        #expect(forecast.longestOfMost >= forecast.median.seconds)
    }
}
