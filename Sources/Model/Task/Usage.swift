/// Model usage of a worker, as reported by its event stream or its provider.
package struct Usage: Codable, Sendable, Equatable {
    /// Tokens read that were not in a cache.
    package var inputTokens: Int
    /// Tokens read from the provider's cache.
    package var cachedTokens: Int
    package var outputTokens: Int
    /// nil if neither the worker nor a price table gives it.
    package var usd: Double?

    package init(inputTokens: Int = 0, cachedTokens: Int = 0, outputTokens: Int = 0, usd: Double? = nil) {
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
        self.usd = usd
    }

    /// All tokens, cached or not.
    package var tokens: Int { inputTokens + cachedTokens + outputTokens }

    package static func + (a: Usage, b: Usage) -> Usage {
        Usage(
            inputTokens: a.inputTokens + b.inputTokens, cachedTokens: a.cachedTokens + b.cachedTokens,
            outputTokens: a.outputTokens + b.outputTokens,
            usd: a.usd == nil && b.usd == nil ? nil : (a.usd ?? 0) + (b.usd ?? 0))
    }
}
