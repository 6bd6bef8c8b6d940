extension Fact {
    /// A change of the base that a run follows.
    package enum BaseChange: Codable, Sendable, Equatable {
        /// The base has new commits.
        case moved(to: ObjectID)
        /// The integration branch was rebuilt on it and passed its checks.
        case rebased(Rebased)
        /// The run stays on its present base.
        case kept(refused: ObjectID, reason: String)
        /// The integration branch was moved onto the new base.
        case followed(Rebased)
    }

    /// The integration branch, rebuilt on another base.
    package struct Rebased: Codable, Sendable, Equatable {
        package var base: ObjectID
        /// The commit of the branch before.
        package var from: ObjectID
        /// The commit of the branch afterwards.
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
