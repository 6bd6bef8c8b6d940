/// What a run does about commits that its base gets meanwhile.
package struct BaseRules: Codable, Sendable, Equatable {
    /// The integration branch is put onto them.
    package var follows: Bool

    package init(follows: Bool = false) { self.follows = follows }
}

extension KeyedDecodingContainer {
    /// A plan that was stored before there were such rules follows nothing.
    package func decode(_ type: BaseRules.Type, forKey key: Key) throws -> BaseRules {
        try decodeIfPresent(type, forKey: key) ?? BaseRules()
    }
}
