/// The step that an attempt, or the check of a candidate, is in.
package enum RunPhase: Sendable, Equatable, CaseIterable {
    /// The slot is moved to the base and set up.
    case preparing
    /// The `done` checks run, before a worker is started.
    case lookingFirst
    case working
    /// Guards judge the diff.
    case judging
    case checking
    /// Reviewers judge the diff.
    case reviewing
    case committing
    /// The candidate is built.
    case merging
    case checkingCandidate
}
