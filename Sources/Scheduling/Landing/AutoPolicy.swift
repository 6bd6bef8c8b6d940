/// Doubles batches while they pass, makes them smaller where tasks fail, and checks several side by side where that saves
/// time.
///
/// With one slot, a batch is halved when one fails. That settles where about half of the batches pass. There each verdict
/// tells the most (group testing by nested groups, M. Sobel and P. Groll, 1959), and no estimate of the failure rate is
/// needed. With more slots, candidates form a chain in which a red one wastes those after it. A batch then has the size at
/// which the whole chain is expected to land the most tasks.
///
/// A batch that is not full waits while another is checked, since more tasks then share its verdict. It does not wait if
/// workers are idle: then the run waits for landings.
struct AutoPolicy: LandingPolicy {
    /// The smallest probability that a verdict will count, at which it is worth a check.
    private static let worth = 0.05
    /// The fraction of false alarms above which every failure is checked again, even if a check takes long.
    private static let doubt = 0.1
    /// Below that fraction, every eighth failure is checked again, because flakes may begin at any time.
    private static let sample = 8
    /// The time to find the cause of a red batch beside other candidates, in checks; found in simulations.
    private static let search = 0.4
    /// Tasks in the first batch.
    private static let first = 4
    /// Beyond it no more is gained.
    private static let most = 1024

    /// The largest number of tasks in the next batch on the tip, with one slot.
    private var limit = first
    /// The largest number of tasks in the next batch, as far as batches have grown.
    private var grown = first

    func size(_ view: LandingView) -> Int {
        let free = view.slots - view.checking
        guard free > 0, view.offered > 0 else { return 0 }
        if view.failedTogether { return max(1, view.offered / (free + 1)) }
        guard isWorthIt(view) else { return 0 }
        let growth = min(view.chained, 8)
        let wanted =
            view.slots == 1
            ? limit << growth
            : min(grown << growth, Self.best(failureRate: view.statistics.failureRate, slots: view.slots))
        let full = max(1, min(view.maxBatch, wanted))
        if view.offered >= full { return full }
        return view.chained == 0 || view.workersWait ? view.offered : 0
    }

    mutating func landed(_ tasks: Int?) {
        // A batch that was not full says little about larger ones.
        guard let tasks else { return }
        if 2 * tasks > limit { limit = min(Self.most, limit * 2) }
        if 2 * tasks > grown { grown = min(Self.most, grown * 2) }
    }

    mutating func failed() { limit = max(1, limit / 2) }

    /// Returns the size of batches at which a chain is expected to land the most tasks in the time of one check.
    ///
    /// A batch of `s` tasks passes with the probability `q = (1 - p)^s`, and `w` of them in a chain land
    /// `s (q + q² + … + q^w)` tasks. If one of them fails and holds several tasks, finding the cause takes time too.
    static func best(failureRate: Double, slots: Int) -> Int {
        var best = (size: 1, landed: 0.0)
        var size = 1
        while size <= most {
            let passes = power(1 - failureRate, size)
            let allPass = power(passes, slots)
            let chain = passes < 1 ? passes * (1 - allPass) / (1 - passes) : Double(slots)
            let landed = Double(size) * chain / (size == 1 ? 1 : 1 + search * (1 - allPass))
            if landed > best.landed { best = (size, landed) }
            size += max(1, size / 4)
        }
        return best.size
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<exponent { result *= base }
        return result
    }

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
