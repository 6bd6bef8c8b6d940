import Model

extension Scheduler {
    /// How far a run has come in following its base.
    enum Following: Sendable, Equatable {
        case no
        /// Candidates under way end first, and no others are formed.
        case wanted(ObjectID)
        case checking(ObjectID)
        case adopting
    }

    mutating func baseChanged(_ change: Fact.BaseChange) {
        switch change {
        case .moved(let base):
            // What is under way is about an older one; its end brings the word of this one up again.
            if following == .no || isWanted { following = .wanted(base) } else { nextBase = base }
        case .rebased(let rebased):
            guard following == .checking(rebased.base) else { return }
            guard rebased.from == tip else {
                following = .wanted(rebased.base)
                return
            }
            following = .adopting
            emit(.adopt(rebased))
        case .kept: endFollowing()
        case .followed(let rebased):
            tip = rebased.tip
            requeueAllCandidates()
            endFollowing()
        }
    }

    /// Asks for the branch on the new base once nothing is on its way onto the old one.
    mutating func followBase() {
        guard case .wanted(let base) = following, queue.chain.isEmpty else { return }
        following = .checking(base)
        emit(.follow(base: base))
    }

    /// Whoever takes the run up looks at the base anew.
    mutating func forgetBase() {
        following = .no
        nextBase = nil
    }

    private var isWanted: Bool { if case .wanted = following { true } else { false } }

    private mutating func endFollowing() {
        following = nextBase.map { .wanted($0) } ?? .no
        nextBase = nil
    }
}
