/// Doubles batches while they pass, halves them when one fails, and checks several side by side where that saves time.
///
/// Doubling after a green batch and halving after a red one settles where about half of the batches pass. There each
/// verdict tells the most (group testing by nested groups, M. Sobel and P. Groll, 1959), and no estimate of the failure
/// rate is needed. In a chain, each batch is twice as large as the one before it, as if that had landed.
///
/// A batch that is not full waits while another is checked, since more tasks then share its verdict. It does not wait if
/// workers are idle: then the run waits for landings.
struct AutoPolicy: LandingPolicy {
    /// The smallest probability that a verdict will count, at which it is worth a check.
    private static let worth = 0.2
    /// The fraction of false alarms above which every failure is checked again, even if a check takes long.
    private static let doubt = 0.1
    /// Below that fraction, every eighth failure is checked again, because flakes may begin at any time.
    private static let sample = 8
    /// Tasks in the first batch.
    private static let first = 4
    /// Beyond it no more is gained.
    private static let most = 1024

    /// The largest number of tasks in the next batch on the tip.
    private var limit = first

    func size(_ view: LandingView) -> Int {
        let free = view.slots - view.checking
        guard free > 0, view.offered > 0 else { return 0 }
        if view.failedTogether { return max(1, view.offered / (free + 1)) }
        guard isWorthIt(view) else { return 0 }
        let full = max(1, min(view.maxBatch, limit << min(view.chained, 8)))
        if view.offered >= full { return full }
        return view.chained == 0 || view.workersWait ? view.offered : 0
    }

    mutating func landed(_ tasks: Int?) {
        // A batch that was not full says little about larger ones.
        if let tasks, 2 * tasks > limit { limit = min(Self.most, limit * 2) }
    }

    mutating func failed() { limit = max(1, limit / 2) }

    /// Whether everything ahead is likely enough to pass, so that the verdict will count.
    private func isWorthIt(_ view: LandingView) -> Bool {
        var likelihood = 1.0
        for _ in 0..<view.tasksAhead { likelihood *= 1 - view.statistics.failureRate }
        for _ in 0..<view.checking { likelihood *= 1 - view.statistics.flakeRate }
        return likelihood >= Self.worth
    }

    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool {
        // A second check costs one check. Without it, a false alarm costs an attempt and another check.
        statistics.turnedShare(evidence) > min(Self.doubt, statistics.checkShare)
            || statistics.failures(evidence) % Self.sample == 0
    }
}
