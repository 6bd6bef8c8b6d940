import ArgumentParser
import Foundation
import Model
import Reporting
import Simulation

/// The forecast for several numbers of workers.
extension SimulateCommand {
    /// Numbers of workers, from `4,16,64`.
    struct WorkerCounts: ExpressibleByArgument {
        static let most = 100_000
        let counts: [Int]

        init?(argument: String) {
            let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            let counts = parts.compactMap { $0 }.filter { (1...Self.most).contains($0) }
            guard !counts.isEmpty, counts.count == parts.count, counts.count <= 20 else { return nil }
            self.counts = Set(counts).sorted()
        }
    }

    /// Attempts of all simulated runs with one number of workers, so that a large plan is simulated less often.
    private static let mostAttempts = 200_000

    func scaling(_ plan: Plan, _ tasks: [MigrationTask], odds: Odds, counts: [Int], pace: RecordedPace?) throws {
        let runs = max(1, min(runs, Self.mostAttempts / max(1, tasks.count)))
        let rows = counts.map { count in
            var plan = plan
            plan.workers.maxParallel = count
            if let verifySlots { plan.landing.verifySlots = verifySlots }
            let forecast = Forecast(plan: plan, tasks: tasks, odds: odds, runs: runs)
            return Self.row(forecast, workers: count, usdPerAttempt: pace?.usdPerAttempt)
        }
        let slots = verifySlots ?? plan.landing.verifySlots
        let headline =
            "\(Count.text(tasks.count { !$0.isGate }, "task")), "
            + (slots.map { Count.text($0, "slot") + " for landing checks" } ?? "as many landing checks as workers")
            + "; the median of \(Count.text(runs, "run"))"
        let report = ScalingReport(headline: headline, rows: rows)
        Terminal.print(report.text(Terminal.layout))
        guard let chart else { return }
        do {
            try report.chart.write(toFile: chart, atomically: true, encoding: .utf8)
        } catch {
            throw Outcome(
                code: .cannotServe, message: "the chart cannot be written to '\(chart)': \(error.localizedDescription)")
        }
        Terminal.print("The chart is in \(chart).")
    }

    private static func row(_ forecast: Forecast, workers: Int, usdPerAttempt: Double?) -> ScalingReport.Row {
        let median = forecast.median
        let time = max(median.seconds * Double(workers), .leastNonzeroMagnitude)
        let most = median.idle.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        return ScalingReport.Row(
            workers: workers, seconds: median.seconds, longest: forecast.longestOfMost, landed: median.landed,
            failed: median.failed, checksPerTask: Double(median.verifies) / Double(max(1, median.landed)),
            usd: usdPerAttempt.map { $0 * Double(median.workersStarted) },
            limit: most.map { (words(of: $0.key), $0.value / time) })
    }

    private static func words(of limit: VirtualRun.Limit) -> String {
        switch limit {
        case .dependencies: "graph"
        case .checks: "checks"
        case .coordinator: "coordinator"
        case .tasks: "few tasks"
        }
    }
}
