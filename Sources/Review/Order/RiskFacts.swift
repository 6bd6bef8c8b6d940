/// What is known of a commit beside its diff, as far as it says how closely to look.
package struct RiskFacts: Sendable, Equatable {
    /// Files outside of the task that depend on one of its files.
    package var fanIn = 0
    /// Files in the import cycle of the task; 1 without a cycle.
    package var cycle = 1
    package var attempts = 1
    /// Step of the ladder, counted from 0.
    package var rung = 0
    /// Whether some reviewers approved it and others did not.
    package var hasDissent = false
    /// Names of checks that failed and passed on its tree.
    package var flaky: [String] = []
    /// Guards that it nearly hit, such as `180 of 200 changed lines`.
    package var limits: [String] = []
    /// Changed lines.
    package var lines = 0
    /// Files that no landing check sees.
    package var unseen: [String] = []
    /// The reason for the change, in the worker's words.
    package var reason = ""
    /// Warnings that the worker sent.
    package var warnings: [String] = []

    package init() {}
}

/// A reason to look at a group early.
package struct RiskReason: Sendable, Equatable {
    /// The order is that in which reasons count.
    package enum Kind: String, Sendable, CaseIterable {
        case odd
        case fanIn = "fan-in"
        case cycle
        case attempts
        case laterRung = "later-rung"
        case reviewers
        case flaky
        case limits
        case size
        case unseen
        case doubts
        case warning

        /// Points of the first kinds outweigh those of the later ones.
        var points: Int {
            switch self {
            case .odd: 1000
            case .fanIn: 2
            case .cycle: 12
            case .attempts: 11
            case .laterRung: 10
            case .reviewers: 9
            case .flaky: 8
            case .limits: 7
            case .size: 6
            case .unseen: 5
            case .doubts: 4
            case .warning: 3
            }
        }
    }

    package var kind: Kind
    package var text: String
    /// Members that it is about.
    package var members: [Int]
    var points: Int
}

/// A group with the reasons for its place in the queue.
package struct RankedGroup: Sendable, Equatable {
    package var group: EditGroup
    /// The most important one first.
    package var reasons: [RiskReason]
    package var points: Int

    /// Groups in the order in which to read them: odd ones first, then by risk, then large ones before small ones.
    /// - Parameter facts: of each commit, by its position.
    package static func queue(_ groups: [EditGroup], facts: [RiskFacts]) -> [RankedGroup] {
        let ranked = groups.map { group in
            let reasons = RiskReasons(group, facts).all
            return RankedGroup(group: group, reasons: reasons, points: reasons.reduce(0) { $0 + $1.points })
        }
        return ranked.enumerated().sorted { a, b in
            let (left, right) = (a.element, b.element)
            if left.points != right.points { return left.points > right.points }
            if left.group.members.count != right.group.members.count {
                return left.group.members.count > right.group.members.count
            }
            return a.offset < b.offset
        }.map(\.element)
    }
}

/// Finds the reasons of one group.
private struct RiskReasons {
    private let group: EditGroup
    private let facts: [RiskFacts]
    private(set) var all: [RiskReason] = []

    /// The size of a group from which on a member can be larger than 95 % of the others.
    private static let leastForSize = 20

    init(_ group: EditGroup, _ facts: [RiskFacts]) {
        self.group = group
        self.facts = facts
        for oddity in group.oddities.prefix(1) { add(.odd, oddity, group.members) }
        for oddity in group.oddities.dropFirst() { add(.odd, oddity, group.members, points: 1) }
        addGraph()
        addAttempts()
        addChecks()
        addSize()
        addWords()
    }

    private mutating func add(_ kind: RiskReason.Kind, _ text: String, _ members: [Int], points: Int? = nil) {
        guard !members.isEmpty else { return }
        all.append(RiskReason(kind: kind, text: text, members: members, points: points ?? kind.points))
    }

    private func members(_ condition: (RiskFacts) -> Bool) -> [Int] { group.members.filter { condition(facts[$0]) } }

    /// How many members a reason is about; empty for a group of one.
    private func share(_ members: [Int]) -> String {
        group.members.count == 1 ? "" : "\(members.count) of \(group.members.count) commits: "
    }

    private mutating func addGraph() {
        let most = group.members.map { facts[$0].fanIn }.max() ?? 0
        if most > 1 {
            let doublings = Int.bitWidth - most.leadingZeroBitCount
            let named = members { $0.fanIn == most }
            add(.fanIn, "up to \(most) files depend on one of its files", named, points: 2 * min(doublings, 12))
        }
        let cyclic = members { $0.cycle > 1 }
        let largest = cyclic.map { facts[$0].cycle }.max() ?? 0
        add(.cycle, "\(share(cyclic))in an import cycle of \(largest) files", cyclic)
    }

    private mutating func addAttempts() {
        let retried = members { $0.attempts > 1 }
        let most = retried.map { facts[$0].attempts }.max() ?? 0
        add(.attempts, "\(share(retried))more than one attempt, up to \(most)", retried)
        let later = members { $0.rung > 0 }
        add(.laterRung, "\(share(later))done by a later worker of the ladder", later)
        let disputed = members(\.hasDissent)
        add(.reviewers, "\(share(disputed))the reviewers did not agree", disputed)
    }

    private mutating func addChecks() {
        let flaky = members { !$0.flaky.isEmpty }
        let names = Set(flaky.flatMap { facts[$0].flaky }).sorted().joined(separator: ", ")
        add(.flaky, "\(share(flaky))flaky checks: \(names)", flaky)
        let near = members { !$0.limits.isEmpty }
        add(.limits, "\(share(near))close to a limit: \(near.first.map { facts[$0].limits[0] } ?? "")", near)
        let blind = members { !$0.unseen.isEmpty }
        let files = blind.flatMap { facts[$0].unseen }
        add(.unseen, "\(share(blind))no landing check sees \(files.prefix(3).joined(separator: ", "))", blind)
    }

    private mutating func addSize() {
        let sizes = group.members.map { facts[$0].lines }.sorted()
        guard sizes.count >= Self.leastForSize else { return }
        let bound = sizes[sizes.count * 95 / 100]
        let large = members { $0.lines > bound }
        let most = large.map { facts[$0].lines }.max() ?? 0
        add(.size, "\(share(large))larger than 95 % of the group, up to \(most) changed lines", large)
    }

    /// Phrases by which workers say that they are not sure.
    private static let doubts = [
        "not sure", "unsure", "uncertain", "could not verify", "couldn't verify", "cannot verify", "not tested",
        "untested", "did not run", "might break", "may break", "may change behav", "might change behav", "assum",
        "workaround", "guess", "please check", "please review", "needs review", "todo", "fixme", "not certain",
    ]

    private mutating func addWords() {
        let doubtful = members { facts in
            let words = facts.reason.lowercased()
            return Self.doubts.contains { words.contains($0) }
        }
        add(
            .doubts, "\(share(doubtful))the worker has doubts: \(doubtful.first.map { facts[$0].reason } ?? "")",
            doubtful)
        let warned = members { !$0.warnings.isEmpty || $0.reason.lowercased().contains("warning") }
        let text = warned.first.map { facts[$0].warnings.first ?? facts[$0].reason } ?? ""
        add(.warning, "\(share(warned))a warning: \(text)", warned)
    }
}
