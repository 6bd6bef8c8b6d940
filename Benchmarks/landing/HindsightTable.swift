import Foundation
import Model
import Simulation

/// Verdicts and wall time of `auto`, beside the fixed policy that is best for each in hindsight.
struct HindsightTable {
    let seed: UInt64

    private static let tasks = 300
    private static let workers = 8
    private static let workerSeconds = 300.0
    /// The largest ratio to the best fixed policy.
    private static let target = 1.15

    func print() {
        var misses = 0
        var cells = 0
        Swift.print("auto beside the best fixed batch and window in hindsight; \(Self.tasks) tasks, seed \(seed)")
        Swift.print("     p  check  slots  verifies a landing        ratio   hours               ratio")
        for rate in [0, 0.05, 0.1, 0.2, 0.4] {
            for verify in [1.0, 60, 300, 1200] {
                for slots in [1, 4, 8] {
                    var others: [VirtualRun.Outcome] = []
                    for batch in [1, 2, 4, 8, 16, 32] {
                        for window in Set([1, slots]).sorted() {
                            others.append(outcome(rate, verify, slots, .init(batch: batch, window: window)))
                        }
                    }
                    let own = outcome(rate, verify, slots, nil)
                    let least = others.map(\.verifiesPerLanding).min() ?? 0
                    let shortest = others.map(\.lastLanding).min() ?? 0
                    let ratios = (own.verifiesPerLanding / least, own.lastLanding / shortest)
                    cells += 1
                    let isMissed = max(ratios.0, ratios.1) > Self.target
                    if isMissed { misses += 1 }
                    Swift.print(
                        String(
                            format: "%4.0f %% %5.0f s %4d   %5.2f (best %5.2f)  %9.2f   %5.2f (best %5.2f)  %9.2f  %@",
                            rate * 100, verify, slots, own.verifiesPerLanding, least, ratios.0,
                            own.lastLanding / 3600, shortest / 3600, ratios.1, isMissed ? "above" : ""))
                }
            }
        }
        Swift.print("\(cells - misses) of \(cells) cells are within \(Self.target) of both")
    }

    private func outcome(
        _ rate: Double, _ verify: Double, _ slots: Int, _ fixed: VirtualRun.Fixed?
    ) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "chance", run: "true"), attempts: 1)
        let plan = Plan(
            name: "benchmark", goal: "", repository: "/",
            workers: WorkerRules(maxParallel: Self.workers, ladder: [rung]),
            landing: LandingRules(policy: .auto, verifySlots: slots, everyCommit: false))
        let tasks = (0..<Self.tasks).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        var run = VirtualRun(
            plan: plan, tasks: tasks,
            odds: Odds(
                workerSeconds: Self.workerSeconds, verifySeconds: verify, landingFailures: rate, seed: seed),
            fixed: fixed)
        return run.run()
    }
}
