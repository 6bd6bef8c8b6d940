import Model

/// Encodes requests for Anthropic's Messages API.
enum AnthropicEncoder {
    static func body(_ request: ModelRequest, model: String) -> JSON {
        var body: [String: JSON] = [
            "model": .string(model), "max_tokens": .integer(request.maxOutputTokens), "stream": true,
            "messages": .array(messages(request.messages)),
        ]
        if !request.system.isEmpty {
            // The cache uses the longest marked prefix, in the order tools, system, messages. This mark includes the
            // tools.
            body["system"] = [["type": "text", "text": .string(request.system), "cache_control": ephemeral]]
        }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        return .object(body)
    }

    private static let ephemeral: JSON = ["type": "ephemeral"]

    /// Cache marks at the end of messages. There are two, since the next request finds its prefix at the last but one. With
    /// the one in the system prompt and the one at the start they are the allowed four.
    private static let markedMessages = 2

    private static func tool(_ tool: ToolDefinition) -> JSON {
        ["name": .string(tool.name), "description": .string(tool.summary), "input_schema": tool.parameters]
    }

    private static func messages(_ messages: [ChatMessage]) -> [JSON] {
        let marked = messages.indices.filter { messages[$0].role == .user }.suffix(markedMessages)
        return messages.indices.compactMap { index in
            let message = messages[index]
            var blocks = message.parts.compactMap(block)
            guard let last = blocks.indices.last else { return nil }
            // The first block of several is what the prompts of a run share.
            if index == 0, last > 0 { mark(&blocks[0]) }
            if marked.contains(index) { mark(&blocks[last]) }
            return ["role": message.role == .user ? "user" : "assistant", "content": .array(blocks)]
        }
    }

    private static func mark(_ block: inout JSON) {
        guard case .object(var members) = block else { return }
        members["cache_control"] = ephemeral
        block = .object(members)
    }

    private static func block(_ part: ChatMessage.Part) -> JSON? {
        switch part {
        // An empty block is refused.
        case .text(let text): text.isEmpty ? nil : ["type": "text", "text": .string(text)]
        case .toolCall(let call):
            [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                "input": call.input ?? .object([:]),
            ]
        case .toolResult(let result):
            [
                "type": "tool_result", "tool_use_id": .string(result.id), "content": .string(result.text),
                "is_error": .bool(result.isError),
            ]
        case .opaque(let value): value
        }
    }
}
