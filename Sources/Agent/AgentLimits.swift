/// Limits on one attempt of the agent.
package struct AgentLimits: Sendable, Equatable {
    /// Answers of the model.
    package var turns: Int
    /// Tokens in total, cached or not; nil for no limit.
    package var tokens: Int?
    /// US dollars; nil for no limit.
    package var usd: Double?
    /// Tokens of the conversation above which it is shortened.
    package var context: Int
    /// Whether a person has set `context`, so that the server is not asked for its window.
    package var isContextSet = false
    /// Tokens of one answer.
    package var output: Int
    /// Seconds of one command.
    package var command: Int
    /// Seconds to wait for the checks.
    package var checks: Double

    package init(
        turns: Int = 100, tokens: Int? = nil, usd: Double? = nil, context: Int = 120_000, output: Int = 16_000,
        command: Int = 600, checks: Double = 1800
    ) {
        self.turns = turns
        self.tokens = tokens
        self.usd = usd
        self.context = context
        self.output = output
        self.command = command
        self.checks = checks
    }
}
