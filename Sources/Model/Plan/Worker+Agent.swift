/// Properties of workers that are agents.
extension Worker {
    /// Formats of standard output.
    package enum Events: String, Codable, Sendable, CaseIterable {
        /// Text for people.
        case plain
        case claudeCode = "claude-code"
        case codex
        case gemini
        case opencode
        case openhands
        case aider
        case miniSWEAgent = "mini-swe-agent"
        case vibe
        case gptme
        /// The format of `orchestrate agent`.
        case orchestrate
    }

    /// The value of `HOME`.
    package enum Home: String, Codable, Sendable, CaseIterable {
        /// The user's home, with its configuration.
        case user
        /// A separate folder for the task, kept between attempts.
        case task
    }

    package enum Capability: String, Codable, Sendable, CaseIterable {
        /// It supports the Model Context Protocol, so it can send messages, ask questions and request checks.
        case mcp
        /// It stops by itself at `ORCHESTRATE_MAX_TURNS`.
        case turns
        /// It stops by itself at `ORCHESTRATE_MAX_USD`.
        case budget
    }

    /// Whether it asks a model, as far as its description tells. A codemod reads no prompt.
    package var usesModel: Bool { prompt != .none || tellsEvents || provider != nil }

    /// Whether its output tells tokens and answers.
    package var tellsEvents: Bool { events != nil && events != .plain }

    /// Whether a conversation can be resumed.
    package var canResume: Bool { resume != nil }
}

/// US dollars per million tokens.
package struct TokenPrices: Codable, Sendable, Equatable {
    package var input: Double
    /// nil for the price of `input`.
    package var cached: Double?
    package var output: Double

    package init(input: Double, cached: Double? = nil, output: Double) {
        self.input = input
        self.cached = cached
        self.output = output
    }

    package func cost(of usage: Usage) -> Double {
        (Double(usage.inputTokens) * input + Double(usage.cachedTokens) * (cached ?? input)
            + Double(usage.outputTokens) * output) / 1_000_000
    }
}
