import Foundation
import Model
import Reporting
import Simulation
import Store

/// Verdicts and wall time of `auto`, beside the fixed policy that is best in hindsight.
struct HindsightTable {
    let seed: UInt64

    /// The largest ratio to the best fixed policy.
    private static let target = 1.15

    func print() {
        var misses = 0
        var cells = 0
        Swift.print(
            "auto beside the fixed batch and window that would have ended first; 300 tasks, seed \(seed)")
        Swift.print("     p    check  slots   hours               ratio  verifies a landing    ratio  fewest")
        for rate in [0, 0.05, 0.1, 0.2, 0.4] {
            for verify in [1.0, 60, 300, 1200] {
                for slots in [1, 4, 8] {
                    let cell = cell(Situation(rate: rate, verify: verify, slots: slots))
                    cells += 1
                    if !cell.isWithin(Self.target) { misses += 1 }
                    Swift.print(
                        String(format: "%4.0f %% %6.0f s %5d", rate * 100, verify, slots), cell.figures,
                        cell.isWithin(Self.target) ? "" : "above")
                }
            }
        }
        Swift.print("\(cells - misses) of \(cells) cells are within \(Self.target) of it in both")
    }

    /// Compares for the recorded runs of a store.
    func print(runsIn store: StoreReader) throws {
        Swift.print("the recorded runs, simulated with their own durations and failures")
        let runs = try store.read { view in
            try view.runs().map { (run: $0, pace: try RecordedPace(view, of: $0.id)) }
        }
        for (run, pace) in runs {
            guard let pace, let verify = pace.verifySeconds else { continue }
            let slots = run.plan.landing.verifySlots ?? run.plan.workers.maxParallel
            let situation = Situation(
                tasks: max(1, pace.judged), workers: run.plan.workers.maxParallel, workerSeconds: pace.workerSeconds,
                rate: min(0.9, pace.rejections), verify: max(0.1, verify), slots: slots)
            let cell = cell(situation)
            Swift.print(
                run.id.rawValue.padding(toLength: 24, withPad: " ", startingAt: 0), cell.figures,
                cell.isWithin(Self.target) ? "" : "above")
        }
    }

    /// What a simulated run meets.
    private struct Situation {
        var tasks = 300
        var workers = 8
        var workerSeconds = 300.0
        let rate: Double
        let verify: Double
        let slots: Int
    }

    private func cell(_ situation: Situation) -> Hindsight {
        let others = [1, 2, 4, 8, 16, 32].flatMap { batch in
            Set([1, situation.slots]).sorted().map { VirtualRun.Fixed(batch: batch, window: $0) }
        }
        return Hindsight(own: outcome(situation, nil), others: others.map { outcome(situation, $0) })
    }

    private func outcome(_ situation: Situation, _ fixed: VirtualRun.Fixed?) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "chance", run: "true"), attempts: 1)
        let plan = Plan(
            name: "benchmark", goal: "", repository: "/",
            workers: WorkerRules(maxParallel: situation.workers, ladder: [rung]),
            landing: LandingRules(policy: .auto, verifySlots: situation.slots, everyCommit: false))
        let tasks = (0..<situation.tasks).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        var run = VirtualRun(
            plan: plan, tasks: tasks,
            odds: Odds(
                workerSeconds: situation.workerSeconds, verifySeconds: situation.verify,
                landingFailures: situation.rate, seed: seed),
            fixed: fixed)
        return run.run()
    }
}

/// One row: the wall time of `auto` and its verdicts, beside those of the fixed policy that was best.
///
/// The fewest verdicts and the shortest time belong to different policies: candidates side by side save time and cost
/// verdicts. The best policy is the one that ends first; of those within one per cent of it, the one with the fewest verdicts.
private struct Hindsight {
    let own: VirtualRun.Outcome
    let best: VirtualRun.Outcome
    let fewest: Double

    init(own: VirtualRun.Outcome, others: [VirtualRun.Outcome]) {
        self.own = own
        let shortest = others.map(\.lastLanding).min() ?? 0
        let first = others.filter { $0.lastLanding <= 1.01 * shortest }
        best = first.min { $0.verifiesPerLanding < $1.verifiesPerLanding } ?? own
        fewest = others.map(\.verifiesPerLanding).min() ?? 0
    }

    private var ratios: (hours: Double, verifies: Double) {
        (own.lastLanding / best.lastLanding, own.verifiesPerLanding / best.verifiesPerLanding)
    }

    func isWithin(_ target: Double) -> Bool { ratios.hours <= target && ratios.verifies <= target }

    var figures: String {
        String(
            format: "  %6.2f (best %6.2f) %6.2f   %5.2f (best %5.2f) %6.2f   %5.2f", own.lastLanding / 3600,
            best.lastLanding / 3600, ratios.hours, own.verifiesPerLanding, best.verifiesPerLanding, ratios.verifies,
            fewest)
    }
}
