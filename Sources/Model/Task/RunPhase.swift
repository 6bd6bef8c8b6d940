/// The step that an attempt, or the check of a candidate, is in.
package enum RunPhase: String, Sendable, Equatable, CaseIterable {
    /// The job folder is made.
    case preparing
    /// The executor has no free slot, or has not started the job yet.
    case waitingForRoom = "waiting-for-room"
    /// The slot is moved to the base, and gets what the set-up made.
    case settingUp = "setting-up"
    /// The `done` checks run, before a worker is started.
    case lookingFirst = "looking-first"
    case working
    /// Guards judge the diff.
    case judging
    case checking
    /// Reviewers judge the diff.
    case reviewing
    case committing
    /// The candidate is built.
    case merging
    case checkingCandidate = "checking-candidate"
}
