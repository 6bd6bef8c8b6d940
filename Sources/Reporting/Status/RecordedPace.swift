package import Model
package import Store

/// The durations and the share of failures of a recorded run, for forecasts.
package struct RecordedPace: Sendable, Equatable {
    package var run: RunID
    /// Tasks that landed or failed the landing checks alone.
    package var judged: Int
    /// Median seconds of a verified attempt.
    package var workerSeconds: Double
    /// Median seconds of the landing checks of a candidate; nil if nothing has landed.
    package var verifySeconds: Double?
    /// Fraction of verified tasks that failed the landing checks alone.
    package var rejections: Double
    /// Seconds of the last verified attempts.
    package var attempts: [Double]
    /// Seconds of the last landing checks.
    package var landingChecks: [Double]
    /// Fraction of attempts that failed before they were verified.
    package var failures: Double
    /// Mean cost of an attempt; nil if no worker told any.
    package var usdPerAttempt: Double?

    /// - Returns: nil for a run with too few verified attempts for a median.
    package init?(_ view: StoreView, of run: RunID) throws(StoreError) {
        let attempts = try view.verifiedSeconds(of: run, limit: Estimate.usefulSamples)
        guard attempts.count >= Estimate.fewestSamples else { return nil }
        let landings = try view.landings(of: run, limit: Estimate.usefulSamples)
        let failed = try view.candidates(of: run).count { $0.state == .failed && $0.tasks.count == 1 }
        let landed = try view.landedCount(of: run)
        let figures = try view.attemptFigures(of: run)
        self.run = run
        self.attempts = attempts
        landingChecks = landings.map(\.seconds)
        failures = Double(figures.failed) / Double(max(1, figures.judged))
        usdPerAttempt = figures.usd.map { $0 / Double(max(1, figures.judged)) }
        judged = landed + failed
        workerSeconds = Estimate.median(attempts)
        verifySeconds = landings.isEmpty ? nil : Estimate.median(landings.map(\.seconds))
        rejections = Double(failed) / Double(max(1, judged))
    }

    /// Returns the pace of the last run of a plan that has one.
    package static func latest(_ view: StoreView, plan: String) throws(StoreError) -> RecordedPace? {
        for run in try view.runs() where run.plan.name == plan {
            if let pace = try RecordedPace(view, of: run.id) { return pace }
        }
        return nil
    }
}
