/// Speculates while there are more free slots than tasks, and batches when there are not.
///
/// Tasks that wait for a free slot are the sign of saturation: how long a check takes and how often tasks arrive both
/// show in it. They are shared out evenly among the free slots, so with idle slots each candidate holds one task. No
/// candidate holds more than would make a verdict a foregone conclusion: for s slots, a chain of s candidates is as
/// long as passes whole with probability 1/(s+1). Then each of the s+1 answers, "the k-th is the first that fails" and
/// "none fails", is about as likely as any other, and s checks tell the most they can. For one slot that is a batch that
/// passes half of the time (group testing by nested groups, M. Sobel and P. Groll, 1959).
struct AutoPolicy: LandingPolicy {
    /// The smallest probability that a verdict will count, at which it is worth a check.
    private static let worth = 0.2
    /// The fraction of false alarms above which every failure is checked again, even if a check takes long.
    private static let doubt = 0.1
    /// Below that fraction, every eighth failure is checked again, because flakes may begin at any time.
    private static let sample = 8

    func size(_ view: LandingView) -> Int {
        let free = view.slots - view.checking
        guard free > 0, view.offered > 0 else { return 0 }
        if view.failedTogether { return max(1, view.offered / (free + 1)) }
        guard isWorthIt(view) else { return 0 }
        let even = (view.offered + free - 1) / free
        return max(1, min(even, view.maxBatch, Self.longest(view)))
    }

    /// Whether everything ahead is likely enough to pass, so that the verdict will count.
    private func isWorthIt(_ view: LandingView) -> Bool {
        var likelihood = 1.0
        for _ in 0..<view.tasksAhead { likelihood *= 1 - view.statistics.failureRate }
        for _ in 0..<view.checking { likelihood *= 1 - view.statistics.flakeRate }
        return likelihood >= Self.worth
    }

    /// The largest useful number of tasks in a candidate.
    private static func longest(_ view: LandingView) -> Int {
        var likelihood = 1 / Double(view.slots + 1)
        for _ in 0..<view.slots { likelihood /= 1 - view.statistics.flakeRate }
        // Shared among one candidate more than there are slots: verdicts after the first negative one are lost, so a batch
        // that is too large costs more than one that is too small.
        let candidates = view.slots > 1 ? view.slots + 1 : 1
        return max(1, tasks(until: likelihood, 1 - view.statistics.failureRate) / candidates)
    }

    /// How many tasks in a row pass with at least this likelihood.
    private static func tasks(until likelihood: Double, _ survival: Double) -> Int {
        var count = 0
        var left = survival
        while left >= likelihood, count < limit {
            left *= survival
            count += 1
        }
        return count
    }

    /// Beyond it no more is gained.
    private static let limit = 1000

    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool {
        // A second check costs one check. Without it, a false alarm costs an attempt and another check.
        statistics.turnedShare(evidence) > min(Self.doubt, statistics.checkShare)
            || statistics.failures(evidence) % Self.sample == 0
    }
}
