package import Model

/// What a plan's run may come to, from several runs in virtual time that differ in luck alone.
package struct Forecast: Sendable {
    /// Sorted by how long they took.
    package let outcomes: [VirtualRun.Outcome]

    /// - Parameters:
    ///   - odds: of the first run; each further one has the next seed.
    ///   - runs: how many, at least one.
    package init(plan: Plan, tasks: [MigrationTask], odds: Odds, runs: Int) {
        outcomes = (0..<max(1, runs)).map { number in
            var odds = odds
            odds.seed &+= UInt64(number)
            var run = VirtualRun(plan: plan, tasks: tasks, odds: odds)
            return run.run()
        }.sorted { $0.seconds < $1.seconds }
    }

    /// The run in the middle.
    package var median: VirtualRun.Outcome { outcomes[outcomes.count / 2] }

    /// Seconds within which nine in ten runs end.
    package var longestOfMost: Double { outcomes[min(outcomes.count - 1, outcomes.count * 9 / 10)].seconds }
}
