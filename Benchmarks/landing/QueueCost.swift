import Foundation
import Model
import Simulation

/// What the scheduler and the landing queue cost a task, in small runs and in large ones, with a long queue.
struct QueueCost {
    func print() {
        for count in [1_000, 10_000] {
            let rung = Rung(worker: Worker(name: "chance", run: "true"), attempts: 1)
            let plan = Plan(
                name: "benchmark", goal: "", repository: "/", workers: WorkerRules(maxParallel: 50, ladder: [rung]),
                landing: LandingRules(verifySlots: 4))
            let tasks = (0..<count).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
            let start = ContinuousClock.now
            // Fifty workers bring tasks faster than they can be checked, so that nearly all come to wait.
            var run = VirtualRun(
                plan: plan, tasks: tasks,
                odds: Odds(workerSeconds: 60, verifySeconds: 300, landingFailures: 0.02, seed: 1))
            let outcome = run.run()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            Swift.print(
                String(
                    format: "%6d tasks: %.1f µs a task, %d landed", count, seconds / Double(count) * 1e6, outcome.landed
                ))
        }
    }
}
