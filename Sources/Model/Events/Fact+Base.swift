extension Fact {
    /// What happened to the base that a run follows.
    package enum BaseChange: Codable, Sendable, Equatable {
        /// The base has new commits.
        case moved(to: ObjectID)
        /// The integration branch was made again on it, and has passed.
        case rebased(Rebased)
        /// The run stays on the base it has, and why.
        case kept(refused: ObjectID, reason: String)
        /// The integration branch stands on the new base.
        case followed(Rebased)
    }

    /// The integration branch, made again on another base.
    package struct Rebased: Codable, Sendable, Equatable {
        package var base: ObjectID
        /// Where the branch was.
        package var from: ObjectID
        /// Where it is to be.
        package var tip: ObjectID
        /// The tasks' new commits, in order.
        package var commits: [Landed.Commit]

        package init(base: ObjectID, from: ObjectID, tip: ObjectID, commits: [Landed.Commit]) {
            self.base = base
            self.from = from
            self.tip = tip
            self.commits = commits
        }
    }
}
