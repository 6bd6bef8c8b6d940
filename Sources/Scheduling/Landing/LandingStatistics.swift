/// What the run has shown of its tasks and its checks, with what one may expect before anything is known.
struct LandingStatistics: Sendable, Equatable {
    /// Tasks that have landed.
    private(set) var landed = 0
    /// Tasks that were judged to fail.
    private(set) var rejected = 0
    /// Verdicts on candidates, green or red.
    private(set) var verdicts = 0
    /// Verdicts against a task alone that were not a confirmation.
    private(set) var singleFailures = 0
    /// Tasks that were checked once more after they had failed alone.
    private(set) var confirmations = 0
    /// Of these, how many passed then.
    private(set) var turned = 0

    /// Weighs like 20 tasks of which one fails, to begin with.
    private static let prior = (failures: 1.0, tasks: 20.0)

    /// The share of tasks that fail; no batch can be found that helps above a half.
    var failureRate: Double {
        let seen = Double(rejected + landed)
        return min(0.5, (Double(rejected) + Self.prior.failures) / (seen + Self.prior.tasks))
    }

    /// The share of failures that were none, among those that were looked at again.
    var turnedShare: Double { (Double(turned) + 1) / (Double(confirmations) + 5) }

    /// The share of verdicts that are red for no reason in the tree.
    var flakeRate: Double {
        confirmations == 0 ? 0 : min(0.5, Double(turned) / Double(confirmations) * share)
    }

    private var share: Double { Double(singleFailures) / Double(max(1, verdicts)) }

    mutating func passed() { verdicts += 1 }
    mutating func failed() { verdicts += 1 }
    mutating func failedAlone() { singleFailures += 1 }
    mutating func rejectedOne() { rejected += 1 }
    mutating func landed(_ count: Int) { landed += count }
    mutating func confirmed(turned didTurn: Bool) {
        confirmations += 1
        if didTurn { turned += 1 }
    }
}
