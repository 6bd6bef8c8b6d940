/// How verified tasks get onto the integration branch.
package struct LandingRules: Codable, Sendable, Equatable {
    package enum Policy: String, Codable, Sendable, CaseIterable {
        /// Chooses between the others during the run.
        case auto
        /// One task at a time.
        case serial
        /// Several tasks on one verdict. A failed batch is halved until the cause is isolated.
        case batch
        /// Each task on top of the one before it, as if that had already landed.
        case speculative
    }

    package var policy: Policy
    /// Maximum tasks that one verdict may land.
    package var maxBatch: Int
    /// Candidates checked at the same time; nil for the number of workers.
    package var verifySlots: Int?
    /// Why a run chose this number of verify slots; nil if the plan says it.
    package var slotsReason: String?
    /// Whether the tree of every commit must pass, not only that of the last commit of a batch.
    package var everyCommit: Bool

    package static let defaultMaxBatch = 32

    /// Returns the rules for a run, which keeps the number of verify slots that it chose unless these rules say one.
    func keeping(slotsOf run: LandingRules) -> LandingRules {
        guard verifySlots == nil, let reason = run.slotsReason else { return self }
        var rules = self
        rules.verifySlots = run.verifySlots
        rules.slotsReason = reason
        return rules
    }

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
    /// A plan stored without landing rules gets the defaults.
    func decode(_ type: LandingRules.Type, forKey key: Key) throws -> LandingRules {
        try decodeIfPresent(type, forKey: key) ?? LandingRules()
    }
}
