import Model

/// A rule that decides how many tasks the next candidate gets, and whether one is formed now.
///
/// The landing queue guarantees the rest for all policies: a candidate is the tip, or the candidate before it, with some
/// tasks on top in order; that exact tree has to pass; the branch moves by compare-and-swap.
protocol LandingPolicy: Sendable {
    /// - Returns: tasks for the next candidate, at most `view.offered`; 0 to form none for now.
    func size(_ view: LandingView) -> Int
    /// A candidate has landed.
    /// - Parameter tasks: how many it holds; nil for a part of a group that failed before.
    mutating func landed(_ tasks: Int?)
    /// A candidate has failed, or does not merge.
    mutating func failed()
    /// Whether a task that failed alone is checked once more before it is judged.
    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool
}

extension LandingPolicy {
    mutating func landed(_ tasks: Int?) {}
    mutating func failed() {}
    func confirms(_ evidence: LandingStatistics.Evidence, _ statistics: LandingStatistics) -> Bool { true }
}

/// The state of the landing queue that a policy decides by.
struct LandingView: Sendable {
    /// Tasks that are available for a candidate.
    var offered: Int
    /// Whether these tasks are known to fail together, so that a candidate of some of them narrows down the cause.
    var failedTogether: Bool
    /// Candidates in the chain.
    var chained: Int
    /// Tasks in the chain.
    var tasksAhead: Int
    /// Candidates whose checks have not ended.
    var checking: Int
    /// Candidates that may be checked at the same time.
    var slots: Int
    /// The largest number of tasks in a candidate.
    var maxBatch: Int
    /// Whether workers are idle because nothing is ready: the run waits for landings, or for its end.
    var workersWait: Bool
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
