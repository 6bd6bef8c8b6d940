/// Rules for the integration branch.
package struct IntegrationRules: Codable, Sendable, Equatable {
    /// Whether a run may land on a branch that no run of the plan made, on top of the commits it has.
    package var extendsBranch: Bool

    package init(extendsBranch: Bool = false) { self.extendsBranch = extendsBranch }
}

extension KeyedDecodingContainer {
    /// A plan stored without these rules extends no branch of the user's.
    package func decode(_ type: IntegrationRules.Type, forKey key: Key) throws -> IntegrationRules {
        try decodeIfPresent(type, forKey: key) ?? IntegrationRules()
    }
}
