import Model

/// Decodes answers of Anthropic's Messages API.
struct AnthropicDecoder: AnswerDecoder {
    private struct Block {
        var start: JSON
        var text = ""
        /// JSON of a tool's input, or the signature of a thought.
        var extra = ""
    }

    private(set) var isComplete = false
    private var blocks: [Int: Block] = [:]
    private var tokens = TokenCount()
    private var stop: String?
    private var model = ""

    mutating func read(_ event: ServerSentEvent) throws(ModelError) {
        guard !isComplete else { return }
        let value = try Self.json(event)
        switch value["type"]?.string {
        case "message_start":
            model = value["message"]?["model"]?.string ?? ""
            count(value["message"]?["usage"])
        case "content_block_start": try start(value)
        case "content_block_delta": try append(value)
        case "message_delta":
            stop = value["delta"]?["stop_reason"]?.string ?? stop
            count(value["usage"])
        case "message_stop": isComplete = true
        case "error": throw Self.refusal(value["error"] ?? value)
        // Anthropic's versioning rules allow new kinds of events. `ping` has no content.
        default: break
        }
    }

    mutating func readWhole(_ answer: JSON) throws(ModelError) {
        if let error = answer["error"] { throw Self.refusal(error) }
        guard let content = answer["content"]?.array else { throw .malformed("the answer has no content") }
        for (index, block) in content.prefix(Self.mostParts).enumerated() { blocks[index] = Block(start: block) }
        stop = answer["stop_reason"]?.string
        model = answer["model"]?.string ?? ""
        count(answer["usage"])
        isComplete = true
    }

    private mutating func start(_ value: JSON) throws(ModelError) {
        guard let index = value["index"]?.integer, let block = value["content_block"], blocks.count < Self.mostParts
        else { throw .malformed("a content block has no index") }
        blocks[index] = Block(start: block)
    }

    private mutating func append(_ value: JSON) throws(ModelError) {
        guard let index = value["index"]?.integer, let delta = value["delta"], blocks[index] != nil else {
            throw .malformed("a piece of a content block that was not started")
        }
        let text = delta["text"]?.string ?? delta["thinking"]?.string
        let extra = delta["partial_json"]?.string ?? delta["signature"]?.string
        if let text { blocks[index]?.text += text }
        if let extra { blocks[index]?.extra += extra }
    }

    /// The figures of a later event are totals, not increments.
    private mutating func count(_ usage: JSON?) {
        guard let usage else { return }
        tokens.input = TokenCount.figure(usage["input_tokens"]) ?? tokens.input
        tokens.output = TokenCount.figure(usage["output_tokens"]) ?? tokens.output
        tokens.cacheRead = TokenCount.figure(usage["cache_read_input_tokens"]) ?? tokens.cacheRead
        tokens.cacheWritten = TokenCount.figure(usage["cache_creation_input_tokens"]) ?? tokens.cacheWritten
    }

    func answer() throws(ModelError) -> ModelAnswer {
        guard isComplete else { throw .cutShort }
        let parts = blocks.sorted { $0.key < $1.key }.compactMap { Self.part($0.value) }
        return ModelAnswer(parts: parts, stop: stopReason, tokens: tokens, model: model)
    }

    private var stopReason: ModelAnswer.Stop {
        switch stop {
        case "end_turn", "stop_sequence": .end
        case "tool_use": .toolCalls
        case "max_tokens", "model_context_window_exceeded": .length
        case "refusal": .refusal
        default: .other(stop ?? "")
        }
    }

    private static func part(_ block: Block) -> ChatMessage.Part? {
        let start = block.start
        switch start["type"]?.string {
        case "text": return .text((start["text"]?.string ?? "") + block.text)
        case "tool_use":
            let arguments = block.extra.isEmpty ? start["input"]?.text ?? "{}" : block.extra
            return .toolCall(
                ToolCall(id: start["id"]?.string ?? "", name: start["name"]?.string ?? "", arguments: arguments))
        case "thinking":
            let thought = (start["thinking"]?.string ?? "") + block.text
            let signature = (start["signature"]?.string ?? "") + block.extra
            return .opaque(["type": "thinking", "thinking": .string(thought), "signature": .string(signature)])
        case "redacted_thinking": return .opaque(start)
        default: return nil
        }
    }
}
