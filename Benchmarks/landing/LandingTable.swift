import Foundation
import Model
import Simulation

/// Verdicts and throughput of each policy over one stream of events, with the targets of `auto`.
///
/// Five workers of ten minutes an attempt bring 30 tasks an hour, and a check takes five minutes: one verify slot is
/// saturated, since it has room for 12 checks an hour; 4 and 16 are not.
struct LandingTable {
    let seed: UInt64

    private static let tasks = 500
    private static let workers = 5
    private static let workerSeconds = 600.0
    private static let verifySeconds = 420.0

    private struct Contender {
        let name: String
        let rules: LandingRules
    }

    private static func contenders(slots: Int) -> [Contender] {
        func rules(_ policy: LandingRules.Policy, everyCommit: Bool = false) -> LandingRules {
            LandingRules(policy: policy, verifySlots: slots, everyCommit: everyCommit)
        }
        return [
            Contender(name: "serial", rules: rules(.serial)), Contender(name: "batch", rules: rules(.batch)),
            Contender(name: "window", rules: rules(.speculative)), Contender(name: "auto", rules: rules(.auto)),
            Contender(name: "auto, every commit", rules: rules(.auto, everyCommit: true)),
        ]
    }

    func print() {
        var failures = 0
        let names = Self.contenders(slots: 1).map(\.name)
        Swift.print("verifies per landed task / landed tasks per hour; \(Self.tasks) tasks, seed \(seed)")
        Swift.print(line(["p", "flake", "slots"] + names + ["targets of auto"]))
        for slots in [1, 4, 16] {
            for flake in [0.0, 0.05] {
                for rate in [0.02, 0.05, 0.1, 0.2] {
                    let cell = Cell(
                        rate: rate, isSaturated: Self.isSaturated(slots),
                        outcomes: Self.contenders(slots: slots).map { outcome($0.rules, rate, flake) })
                    failures += cell.misses.count
                    let verdict = cell.misses.isEmpty ? "pass" : "FAIL: " + cell.misses.joined(separator: ", ")
                    Swift.print(
                        line(
                            [percent(rate), percent(flake), "\(slots)"] + cell.outcomes.map(\.figures) + [verdict]))
                }
            }
        }
        Swift.print(failures == 0 ? "all targets are met" : "\(failures) targets are missed")
    }

    /// One check for each task is more than the slots have room for.
    private static func isSaturated(_ slots: Int) -> Bool {
        Double(workers) / workerSeconds * verifySeconds > Double(slots)
    }

    private func outcome(_ landing: LandingRules, _ rate: Double, _ flake: Double) -> VirtualRun.Outcome {
        let rung = Rung(worker: Worker(name: "chance", run: "true"), attempts: 1)
        let plan = Plan(
            name: "benchmark", goal: "", repository: "/",
            workers: WorkerRules(maxParallel: Self.workers, ladder: [rung]), landing: landing)
        let tasks = (0..<Self.tasks).map { MigrationTask(id: TaskID("t\($0)"), title: "", files: ["f\($0)"]) }
        var run = VirtualRun(
            plan: plan, tasks: tasks,
            odds: Odds(
                workerSeconds: Self.workerSeconds, verifySeconds: Self.verifySeconds, landingFailures: rate,
                flakes: flake, seed: seed))
        return run.run()
    }

    private func line(_ cells: [String]) -> String {
        let widths = [4, 6, 6, 14, 14, 14, 14, 20]
        return zip(cells, widths + [0]).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined()
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
}

extension VirtualRun.Outcome {
    var verifiesPerLanding: Double { Double(verifies) / Double(max(1, landed)) }
    /// Over all tasks that were judged, as in the arithmetic of 2√p; those that failed cost verdicts too.
    var verifiesPerTask: Double { Double(verifies) / Double(max(1, landed + failed)) }
    var tasksPerHour: Double { Double(landed) / max(1, lastLanding) * 3600 }
    var figures: String { String(format: "%.2f / %.1f", verifiesPerLanding, tasksPerHour) }
}

/// One row of the table.
struct Cell {
    let rate: Double
    let isSaturated: Bool
    /// Serial, batch, window, auto, and auto with every commit checked.
    let outcomes: [VirtualRun.Outcome]

    private static let slack = 0.05

    /// The targets that `auto` misses.
    var misses: [String] {
        let others = outcomes.prefix(3)
        let auto = outcomes[3]
        var misses: [String] = []
        if isSaturated, auto.verifiesPerTask > 2 * rate.squareRoot() + 0.1 {
            misses.append(String(format: "verifies above %.2f", 2 * rate.squareRoot() + 0.1))
        }
        let most = others.map(\.tasksPerHour).max() ?? 0
        if auto.tasksPerHour < (1 - Self.slack) * most {
            misses.append(String(format: "%.0f %% behind in throughput", 100 * (1 - auto.tasksPerHour / most)))
        }
        let least = others.map(\.verifiesPerLanding).min() ?? 0
        if isSaturated, auto.verifiesPerLanding > (1 + Self.slack) * least {
            misses.append(String(format: "%.0f %% more verifies", 100 * (auto.verifiesPerLanding / least - 1)))
        }
        return misses
    }
}
