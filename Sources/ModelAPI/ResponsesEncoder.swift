import Model

/// Encodes requests for OpenAI's Responses API. The provider stores nothing: every request has the whole conversation.
enum ResponsesEncoder {
    static func body(_ request: ModelRequest, model: String) -> JSON {
        var body: [String: JSON] = [
            "model": .string(model), "stream": true, "store": false, "parallel_tool_calls": true,
            "max_output_tokens": .integer(request.maxOutputTokens),
            "input": .array(
                request.messages.flatMap { message in message.parts.compactMap { item($0, message.role) } }),
        ]
        if !request.system.isEmpty { body["instructions"] = .string(request.system) }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        return .object(body)
    }

    private static func tool(_ tool: ToolDefinition) -> JSON {
        [
            "type": "function", "name": .string(tool.name), "description": .string(tool.summary),
            "parameters": tool.parameters, "strict": false,
        ]
    }

    private static func item(_ part: ChatMessage.Part, _ role: ChatMessage.Role) -> JSON? {
        switch part {
        case .text(let text):
            guard !text.isEmpty else { return nil }
            return [
                "type": "message", "role": role == .user ? "user" : "assistant",
                "content": [["type": role == .user ? "input_text" : "output_text", "text": .string(text)]],
            ]
        case .toolCall(let call):
            return [
                "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
                "arguments": .string(call.sendableArguments),
            ]
        case .toolResult(let result):
            return [
                "type": "function_call_output", "call_id": .string(result.id), "output": .string(result.text),
            ]
        case .opaque(let value): return value
        }
    }
}
