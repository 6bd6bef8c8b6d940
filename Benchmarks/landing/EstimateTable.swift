import Foundation
import Model
import Reporting
import Simulation

/// The estimate of `status` at half time of a run, beside the time that was really left.
struct EstimateTable {
    let seed: UInt64

    private static let tasks = 300
    private static let workers = 4
    private static let workerSeconds = 300.0
    /// The largest ratio between the estimate and the truth, either way.
    private static let target = 1.5

    func print() {
        var good = 0
        var all = 0
        Swift.print(
            "the estimate at half time beside the truth; \(Self.tasks) tasks, \(Self.workers) workers, seed \(seed)")
        Swift.print("   p    check  slots  policy   estimate   truth  ratio")
        for policy in [LandingRules.Policy.auto, .serial] {
            for rate in [0, 0.05, 0.2] {
                for verify in [10.0, 120, 600] {
                    for slots in [1, 4] {
                        let rules = LandingRules(policy: policy, verifySlots: slots, everyCommit: false)
                        guard let cell = cell(rate, verify, rules) else { continue }
                        all += 1
                        let ratio = max(cell.estimate / cell.truth, cell.truth / cell.estimate)
                        if ratio <= Self.target { good += 1 }
                        Swift.print(
                            String(
                                format: "%3.0f %% %6.0f s %5d  %@ %8.2f h %6.2f h %6.2f", rate * 100, verify, slots,
                                policy.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0),
                                cell.estimate / 3600, cell.truth / 3600, ratio))
                    }
                }
            }
        }
        Swift.print("\(good) of \(all) estimates are within a factor of \(Self.target)")
    }

    private func cell(_ rate: Double, _ verify: Double, _ rules: LandingRules) -> (estimate: Double, truth: Double)? {
        let rung = Rung(worker: Worker(name: "chance", run: "true"), attempts: 2)
        let plan = Plan(
            name: "benchmark", goal: "", repository: "/",
            workers: WorkerRules(maxParallel: Self.workers, ladder: [rung]), landing: rules)
        let tasks = (0..<Self.tasks).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        var run = VirtualRun(
            plan: plan, tasks: tasks,
            odds: Odds(
                workerSeconds: Self.workerSeconds, verifySeconds: verify, landingFailures: rate, seed: seed))
        let outcome = run.run()
        let half = outcome.seconds / 2
        guard
            let estimate = estimate(
                outcome.moments.filter { $0.time <= half }, slots: rules.verifySlots ?? 1, now: half)
        else {
            return nil
        }
        return (estimate, outcome.seconds - half)
    }

    private func estimate(_ moments: [VirtualRun.Moment], slots: Int, now: Double) -> Double? {
        var attempts: [Double] = []
        var landings: [Estimate.Landing] = []
        var rest = Estimate.Rest(unverified: Self.tasks, verified: 0, chain: 1)
        for moment in moments {
            switch moment.kind {
            case .verified:
                attempts.append(Self.workerSeconds)
                rest.unverified -= 1
                rest.verified += 1
            case .landed(let tasks, let seconds):
                landings.insert(.init(seconds: seconds, tasks: tasks, ended: moment.time), at: 0)
                rest.verified -= tasks
            case .rejected(let isFinal):
                rest.verified -= 1
                if !isFinal { rest.unverified += 1 }
            }
        }
        return Estimate.seconds(
            attemptSeconds: attempts.suffix(Estimate.usefulSamples),
            landings: Array(landings.prefix(Estimate.usefulSamples)),
            rest: rest, workers: Self.workers, slots: slots, now: now)
    }
}
