package import Model

/// Tokens of one answer, as billed by the provider.
package struct TokenCount: Sendable, Equatable {
    /// Input tokens that were neither read from a cache nor written to one.
    package var input: Int
    package var cacheRead: Int
    package var cacheWritten: Int
    package var output: Int

    package init(input: Int = 0, cacheRead: Int = 0, cacheWritten: Int = 0, output: Int = 0) {
        self.input = input
        self.cacheRead = cacheRead
        self.cacheWritten = cacheWritten
        self.output = output
    }

    /// All input tokens: the used part of the model's context.
    package var context: Int { input + cacheRead + cacheWritten }

    /// Returns the usage as the rest of the program counts it, with the cost if prices are known.
    package func usage(_ prices: PriceTable?) -> Usage {
        Usage(
            inputTokens: input + cacheWritten, cachedTokens: cacheRead, outputTokens: output,
            usd: prices?.usd(self))
    }

    /// Returns a figure of a provider's answer, limited so that sums cannot overflow.
    static func figure(_ value: JSON?) -> Int? {
        value?.integer.map { min(max($0, 0), 1 << 40) }
    }
}

/// US dollars per million tokens.
package struct PriceTable: Sendable, Equatable {
    package var input: Double
    package var output: Double
    package var cacheRead: Double
    package var cacheWrite: Double

    /// Cache prices default to the price of input.
    package init(input: Double, output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead ?? input
        self.cacheWrite = cacheWrite ?? input
    }

    /// Reads `input=3,output=15,cache_read=0.3,cache_write=3.75`.
    ///
    /// - Throws: `ModelError.configuration` with the malformed text.
    package init(parsing text: String) throws(ModelError) {
        var prices: [String: Double] = [:]
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1).map { String($0.filter { !$0.isWhitespace }) }
            guard parts.count == 2, ["input", "output", "cache_read", "cache_write"].contains(parts[0]),
                let price = Double(parts[1]), price >= 0, price.isFinite
            else { throw Self.malformed(text) }
            prices[parts[0]] = price
        }
        guard let input = prices["input"], let output = prices["output"] else { throw Self.malformed(text) }
        self.init(input: input, output: output, cacheRead: prices["cache_read"], cacheWrite: prices["cache_write"])
    }

    private static func malformed(_ text: String) -> ModelError {
        .configuration(
            "the prices '\(text)' do not have the form 'input=3,output=15,cache_read=0.3,cache_write=3.75', "
                + "US dollars per million tokens")
    }

    package func usd(_ tokens: TokenCount) -> Double {
        let sum =
            Double(tokens.input) * input + Double(tokens.cacheRead) * cacheRead
            + Double(tokens.cacheWritten) * cacheWrite + Double(tokens.output) * output
        return sum / 1_000_000
    }
}
