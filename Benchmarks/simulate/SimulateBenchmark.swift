import Foundation
import Model
import Simulation

/// Simulates runs of 10,000 and 100,000 tasks on 1,000 workers. A task of the larger run must cost at most twice as much as
/// one of the smaller run, and the larger run must take less than 60 s.
@main struct SimulateBenchmark {
    private static let workers = 1000
    private static let sizes = [10_000, 100_000]
    private static let longest = 60.0
    private static let levels = 25

    static func main() {
        print("  tasks  workers  seconds  µs a task  ended after")
        var costs: [Double] = []
        for size in sizes {
            let began = ContinuousClock.now
            let outcome = run(size)
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            costs.append(seconds / Double(size))
            print(
                String(
                    format: "%7d  %7d  %7.1f  %9.0f  %.1f h, %d landed, %.2f checks for each", size, workers, seconds,
                    seconds / Double(size) * 1e6, outcome.seconds / 3600, outcome.landed,
                    Double(outcome.verifies) / Double(max(1, outcome.landed))))
            if seconds > longest { print("above \(longest) s") }
        }
        print(String(format: "growth of the cost of a task: %.2f (at most 2)", costs[1] / costs[0]))
    }

    /// Tasks in levels; each depends on three of the level below.
    private static func run(_ size: Int) -> VirtualRun.Outcome {
        let width = size / levels
        let tasks = (0..<size).map { number in
            let (level, place) = number.quotientAndRemainder(dividingBy: width)
            let below =
                level == 0 ? [] : [0, 1, 7].map { TaskID("t\((level - 1) * width + (place * 3 + $0) % width)") }
            return MigrationTask(
                id: TaskID("t\(number)"), title: "", files: ["f\(number)"], dependencies: Set(below).sorted())
        }
        let rung = Rung(worker: Worker(name: "w", run: "true"), attempts: 8)
        let plan = Plan(
            name: "benchmark", goal: "", repository: "/", workers: WorkerRules(maxParallel: workers, ladder: [rung]),
            landing: LandingRules(verifySlots: 64, everyCommit: false))
        let odds = Odds(workerSeconds: 600, verifySeconds: 60, attemptFailures: 0.1, landingFailures: 0.02)
        var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
        return run.run()
    }
}
