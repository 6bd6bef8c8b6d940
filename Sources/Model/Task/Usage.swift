/// Model usage of a worker, as reported by its event stream or its provider.
///
/// Figures come from outside. Each is kept between 0 and a bound that no worker reaches, so that no sum overflows.
package struct Usage: Sendable, Equatable {
    /// Tokens read that were not in a cache.
    package var inputTokens: Int { didSet { inputTokens = Self.bounded(inputTokens) } }
    /// Tokens read from the provider's cache.
    package var cachedTokens: Int { didSet { cachedTokens = Self.bounded(cachedTokens) } }
    package var outputTokens: Int { didSet { outputTokens = Self.bounded(outputTokens) } }
    /// nil if neither the worker nor a price table gives it.
    package var usd: Double? { didSet { usd = usd.map(Self.bounded) } }

    package static let mostTokens = 1_000_000_000_000
    package static let mostUSD: Double = 1_000_000_000

    package init(inputTokens: Int = 0, cachedTokens: Int = 0, outputTokens: Int = 0, usd: Double? = nil) {
        self.inputTokens = Self.bounded(inputTokens)
        self.cachedTokens = Self.bounded(cachedTokens)
        self.outputTokens = Self.bounded(outputTokens)
        self.usd = usd.map(Self.bounded)
    }

    /// All tokens, cached or not.
    package var tokens: Int { inputTokens + cachedTokens + outputTokens }

    package static func + (a: Usage, b: Usage) -> Usage {
        Usage(
            inputTokens: a.inputTokens + b.inputTokens, cachedTokens: a.cachedTokens + b.cachedTokens,
            outputTokens: a.outputTokens + b.outputTokens,
            usd: a.usd == nil && b.usd == nil ? nil : (a.usd ?? 0) + (b.usd ?? 0))
    }

    /// Returns the usage after another report of the same count: no figure ever falls.
    ///
    /// - Parameter before: the usage of the reports so far; nil for none.
    package func notBelow(_ before: Usage?) -> Usage {
        guard let before else { return self }
        return Usage(
            inputTokens: max(inputTokens, before.inputTokens), cachedTokens: max(cachedTokens, before.cachedTokens),
            outputTokens: max(outputTokens, before.outputTokens), usd: [usd, before.usd].compactMap { $0 }.max())
    }

    private static func bounded(_ tokens: Int) -> Int { min(max(tokens, 0), mostTokens) }
    private static func bounded(_ usd: Double) -> Double { usd.isNaN ? 0 : min(max(usd, 0), mostUSD) }
}

extension Usage: Codable {
    private enum CodingKeys: CodingKey { case inputTokens, cachedTokens, outputTokens, usd }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            inputTokens: try container.decode(Int.self, forKey: .inputTokens),
            cachedTokens: try container.decode(Int.self, forKey: .cachedTokens),
            outputTokens: try container.decode(Int.self, forKey: .outputTokens),
            usd: try container.decodeIfPresent(Double.self, forKey: .usd))
    }
}
