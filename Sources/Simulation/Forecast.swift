package import Model

/// The results of several simulated runs of a plan that differ only in their random numbers.
package struct Forecast: Sendable {
    /// Sorted by duration.
    package let outcomes: [VirtualRun.Outcome]

    /// - Parameters:
    ///   - odds: odds of the first run; each further run has the next seed.
    ///   - runs: number of runs, at least 1.
    package init(plan: Plan, tasks: [MigrationTask], odds: Odds, runs: Int) {
        outcomes = (0..<max(1, runs)).map { number in
            var odds = odds
            odds.seed &+= UInt64(number)
            var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
            return run.run()
        }.sorted { $0.seconds < $1.seconds }
    }

    /// The run with the median duration.
    package var median: VirtualRun.Outcome { outcomes[outcomes.count / 2] }

    /// Seconds within which nine in ten runs end.
    package var longestOfMost: Double { outcomes[min(outcomes.count - 1, outcomes.count * 9 / 10)].seconds }
}
