/// What a run does about new commits on its base.
package struct BaseRules: Codable, Sendable, Equatable {
    /// Whether the integration branch is moved onto them.
    package var follows: Bool

    package init(follows: Bool = false) { self.follows = follows }
}

extension KeyedDecodingContainer {
    /// A plan stored without these rules does not follow its base.
    package func decode(_ type: BaseRules.Type, forKey key: Key) throws -> BaseRules {
        try decodeIfPresent(type, forKey: key) ?? BaseRules()
    }
}
