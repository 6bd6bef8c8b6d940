/// What an agent is beyond a command.
extension Worker {
    /// Whose form standard output has.
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
        /// That of `orchestrate agent`.
        case orchestrate
    }

    /// What `HOME` is.
    package enum Home: String, Codable, Sendable, CaseIterable {
        /// The user's own, with all that is configured there.
        case user
        /// A folder of the task's own, kept from one attempt to the next.
        case task
    }

    package enum Capability: String, Codable, Sendable, CaseIterable {
        /// It speaks the Model Context Protocol, so it can send messages, ask and have its checks run.
        case mcp
        /// It ends by itself at `ORCHESTRATE_MAX_TURNS`.
        case turns
        /// It ends by itself at `ORCHESTRATE_MAX_USD`.
        case budget
    }

    /// Whether a conversation can be gone on with.
    package var canResume: Bool { resume != nil }
}

/// Dollars for a million tokens.
package struct TokenPrices: Codable, Sendable, Equatable {
    package var input: Double
    /// nil for that of `input`.
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
