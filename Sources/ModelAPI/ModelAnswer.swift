/// The answer of a model.
package struct ModelAnswer: Sendable, Equatable {
    package enum Stop: Sendable, Equatable {
        /// The answer is complete.
        case end
        case toolCalls
        /// The answer reached its maximum length and is incomplete.
        case length
        case refusal
        /// Another reason, in the provider's words.
        case other(String)
    }

    package var parts: [ChatMessage.Part]
    package var stop: Stop
    package var tokens: TokenCount
    /// The provider's name of the model that answered.
    package var model: String

    package init(parts: [ChatMessage.Part], stop: Stop, tokens: TokenCount = TokenCount(), model: String = "") {
        self.parts = parts
        self.stop = stop
        self.tokens = tokens
        self.model = model
    }

    package var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    package var toolCalls: [ToolCall] {
        parts.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
    }
}
