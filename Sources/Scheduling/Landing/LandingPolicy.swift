import Model

/// Decides how many tasks the next candidate holds, and whether there is to be one now.
///
/// What is common to all policies is the queue's: a candidate is the tip, or the candidate before it, with some tasks in
/// order on top; that exact tree has to pass; the branch moves by compare-and-swap.
protocol LandingPolicy: Sendable {
    /// - Returns: tasks for the next candidate, at most `view.offered`; 0 to form none for now.
    func size(_ view: LandingView) -> Int
    /// A candidate has landed.
    mutating func landed()
    /// A candidate has failed, or does not merge.
    mutating func failed()
    /// Whether a task that failed alone is checked once more before it is judged.
    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool
}

extension LandingPolicy {
    mutating func landed() {}
    mutating func failed() {}
    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool { true }
}

/// What a policy decides by.
struct LandingView: Sendable {
    /// Tasks that a candidate may be formed of.
    var offered: Int
    /// They are known to fail together; a candidate of some of them finds out which is to blame.
    var isRed: Bool
    /// Candidates in the chain.
    var chained: Int
    /// Tasks in the chain.
    var tasksAhead: Int
    /// Candidates whose checks have not ended.
    var checking: Int
    /// Candidates that may be checked at the same time.
    var slots: Int
    /// Most tasks in a candidate.
    var maxBatch: Int
    var statistics: LandingStatistics
}

extension LandingRules {
    func makePolicy(slots: Int) -> any LandingPolicy {
        switch policy {
        case .auto: AutoPolicy()
        case .serial: SerialPolicy()
        case .batch: BatchPolicy()
        case .speculative: SpeculativePolicy(slots: slots)
        }
    }
}
