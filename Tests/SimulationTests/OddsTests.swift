import Model
import Testing

@testable import Simulation

@Suite struct OddsTests {
    private let odds = Odds(workerSeconds: 1, verifySeconds: 1, seed: 5)

    @Test func `a number depends on seed, purpose and both indices, and on nothing else`() {
        let number = odds.number(.attempt, 3, and: 4)
        #expect(number == odds.number(.attempt, 3, and: 4))
        var other = odds
        other.seed = 60
        #expect(
            Set([
                number, odds.number(.landing, 3, and: 4), odds.number(.attempt, 4, and: 4),
                odds.number(.attempt, 3, and: 5),
                odds.number(.attempt, 4, and: 3), other.number(.attempt, 3, and: 4),
            ]).count == 6)
    }

    @Test func `numbers are spread evenly from zero up to one`() {
        let numbers = (0..<2000).map { odds.number(.flake, $0) }
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(numbers.reduce(0, +) / 2000 - 0.5) < 0.03)
        #expect(abs(Double(numbers.count { $0 < 0.1 }) / 2000 - 0.1) < 0.03)
    }
}

@Suite struct VirtualTimeTests {
    private func outcome(
        tasks: [MigrationTask], workers: Int = 1, slots: Int = 1, attempts: Int = 1, odds: Odds
    ) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: attempts)
        let plan = Plan(
            name: "p", goal: "", repository: "/", workers: WorkerRules(maxParallel: workers, ladder: [rung]),
            landing: LandingRules(policy: .serial, verifySlots: slots))
        var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
        return run.run()
    }

    private func tasks(_ count: Int) -> [MigrationTask] {
        (0..<count).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
    }

    @Test func `one task takes its attempt and then its check`() {
        let odds = Odds(workerSeconds: 100, verifySeconds: 10)
        let outcome = outcome(tasks: tasks(1), odds: odds)
        let expected =
            100 * (0.5 + odds.number(.workerSeconds, 0, and: 1)) + 10 * (0.8 + 0.4 * odds.number(.verifySeconds, 1))
        #expect(abs(outcome.seconds - expected) < 1e-9)
        #expect(outcome.lastLanding == outcome.seconds)
        #expect(abs(outcome.verifySeconds - 10 * (0.8 + 0.4 * odds.number(.verifySeconds, 1))) < 1e-9)
        #expect(outcome.landed == 1 && outcome.failed == 0 && outcome.workersStarted == 1 && outcome.verifies == 1)
    }

    @Test func `attempts that always fail use up the ladder and land nothing`() {
        let outcome = outcome(
            tasks: tasks(3), attempts: 2, odds: Odds(workerSeconds: 10, verifySeconds: 1, attemptFailures: 1))
        #expect(outcome.failed == 3 && outcome.landed == 0 && outcome.workersStarted == 6 && outcome.verifies == 0)
        #expect(outcome.lastLanding == 0)
    }

    @Test func `a tree that never passes is checked and given up`() {
        let outcome = outcome(tasks: tasks(1), odds: Odds(workerSeconds: 10, verifySeconds: 1, landingFailures: 1))
        #expect(outcome.failed == 1 && outcome.landed == 0 && outcome.verifies == 3)
    }

    @Test func `a second worker halves the time of the attempts`() {
        let odds = Odds(workerSeconds: 100, verifySeconds: 0.01)
        let one = outcome(tasks: tasks(40), odds: odds).seconds
        let two = outcome(tasks: tasks(40), workers: 2, odds: odds).seconds
        #expect(two < one * 0.6 && two > one * 0.4)
    }

    @Test func `the forecast sorts its runs by duration and gives the middle and the ninth of ten`() {
        let plan = Plan(
            name: "p", goal: "", repository: "/",
            workers: WorkerRules(maxParallel: 1, ladder: [Rung(worker: Worker(name: "w", run: "true"), attempts: 1)]))
        let odds = Odds(workerSeconds: 100, verifySeconds: 1, seed: 3)
        let forecast = Forecast(plan: plan, tasks: tasks(2), odds: odds, runs: 10)
        let seconds = forecast.outcomes.map(\.seconds)
        #expect(seconds == seconds.sorted() && Set(seconds).count == 10)
        #expect(forecast.median.seconds == seconds[5])
        #expect(forecast.longestOfMost == seconds[9])
        #expect(Forecast(plan: plan, tasks: tasks(2), odds: odds, runs: 0).outcomes.count == 1)
        var next = odds
        next.seed = 4
        let second = Forecast(plan: plan, tasks: tasks(2), odds: next, runs: 1).outcomes[0]
        #expect(forecast.outcomes.contains(second))
    }
}
