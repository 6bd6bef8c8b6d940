/// How verified tasks get onto the integration branch.
package struct LandingRules: Codable, Sendable, Equatable {
    package enum Policy: String, Codable, Sendable, CaseIterable {
        /// Chooses between the others by what the run shows.
        case auto
        /// One task after the other.
        case serial
        /// Several tasks on one verdict; a red batch is halved until the culprit is alone.
        case batch
        /// Each task on the one before it, as if that had landed already.
        case speculative
    }

    package var policy: Policy
    /// Most tasks that one verdict may land.
    package var maxBatch: Int
    /// Candidates that may be checked at the same time; nil for as many as there are workers.
    package var verifySlots: Int?
    /// Each commit's own tree has to pass, not only the tree of the last commit that lands with it.
    package var everyCommit: Bool

    package static let defaultMaxBatch = 32

    package init(
        policy: Policy = .auto, maxBatch: Int = LandingRules.defaultMaxBatch, verifySlots: Int? = nil,
        everyCommit: Bool? = nil
    ) {
        self.policy = policy
        self.maxBatch = maxBatch
        self.verifySlots = verifySlots
        self.everyCommit = everyCommit ?? (policy != .batch)
    }
}

extension KeyedDecodingContainer {
    /// A plan that was stored before there were landing rules has the ordinary ones.
    func decode(_ type: LandingRules.Type, forKey key: Key) throws -> LandingRules {
        try decodeIfPresent(type, forKey: key) ?? LandingRules()
    }
}
