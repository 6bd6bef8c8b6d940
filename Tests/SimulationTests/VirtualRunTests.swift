import Model
import Simulation
import Testing

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
