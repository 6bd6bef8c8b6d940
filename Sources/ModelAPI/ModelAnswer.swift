/// What a model has answered.
package struct ModelAnswer: Sendable, Equatable {
    package enum Stop: Sendable, Equatable {
        /// The model has said all it wants to say.
        case end
        case toolCalls
        /// The answer is as long as it may be, and is not complete.
        case length
        case refusal
        /// In the provider's words.
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
