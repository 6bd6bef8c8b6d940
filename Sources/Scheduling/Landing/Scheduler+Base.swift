import Model

extension Scheduler {
    /// The state of following the base.
    enum Following: Sendable, Equatable {
        case no
        /// Running candidates end first, and no others are formed.
        case wanted(ObjectID)
        case checking(ObjectID)
        case adopting
    }

    mutating func baseChanged(_ change: Fact.BaseChange) {
        switch change {
        case .moved(let base):
            // An older base is being followed. This one is next once that has ended.
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
            tipIsGreen()
            endFollowing()
        }
    }

    /// Starts to rebuild the branch on the new base once no candidate is left on the old one.
    ///
    /// A base that moves as often as it is followed must not keep verified tasks from landing, so one turn of the landing
    /// queue comes between two bases.
    mutating func followBase() {
        guard case .wanted(let base) = following else { return }
        if isAskedToEnd { return forgetBase() }
        if owesCandidate, queue.chain.isEmpty, !landingCooldown.isOn {
            owesCandidate = false
            chooseCandidates()
        }
        guard queue.chain.isEmpty else { return }
        following = .checking(base)
        emit(.follow(base: base))
    }

    /// Forgets the base: a new coordinator reads it again.
    mutating func forgetBase() {
        following = .no
        nextBase = nil
    }

    private var isWanted: Bool { if case .wanted = following { true } else { false } }

    private mutating func endFollowing() {
        following = nextBase.map { .wanted($0) } ?? .no
        owesCandidate = nextBase != nil
        nextBase = nil
    }
}
