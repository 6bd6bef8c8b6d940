import Model

/// Encodes requests for OpenAI's Chat Completions API.
enum ChatEncoder {
    static func body(_ request: ModelRequest, model: String) -> JSON {
        var body: [String: JSON] = [
            "model": .string(model), "stream": true, "stream_options": ["include_usage": true],
            // OpenAI's reasoning models refuse `max_tokens`. Servers that do not know this name ignore it.
            "max_completion_tokens": .integer(request.maxOutputTokens),
        ]
        let system: [JSON] =
            request.system.isEmpty ? [] : [["role": "system", "content": .string(request.system)]]
        body["messages"] = .array(system + request.messages.flatMap(messages))
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        return .object(body)
    }

    private static func tool(_ tool: ToolDefinition) -> JSON {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.summary), "parameters": tool.parameters,
            ],
        ]
    }

    /// Results of tools are separate messages here. They must come before other text of the user.
    private static func messages(_ message: ChatMessage) -> [JSON] {
        var (results, texts, calls): ([JSON], [String], [JSON]) = ([], [], [])
        for part in message.parts {
            switch part {
            case .text(let text): texts.append(text)
            case .toolCall(let call): calls.append(self.call(call))
            case .toolResult(let result):
                // There is no flag for an error; the text has to show it.
                results.append(["role": "tool", "tool_call_id": .string(result.id), "content": .string(result.text)])
            case .opaque: break
            }
        }
        let text = texts.filter { !$0.isEmpty }.joined(separator: "\n")
        guard message.role == .assistant else {
            return results + (text.isEmpty ? [] : [["role": "user", "content": .string(text)]])
        }
        guard !text.isEmpty || !calls.isEmpty else { return [] }
        var members: [String: JSON] = [
            "role": "assistant", "content": text.isEmpty ? .null : .string(text),
        ]
        if !calls.isEmpty { members["tool_calls"] = .array(calls) }
        return [.object(members)]
    }

    private static func call(_ call: ToolCall) -> JSON {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.sendableArguments)],
        ]
    }
}

extension ToolCall {
    /// The original arguments if they are an object, else an empty object. Templates of open models parse them again
    /// and
    /// fail on anything else.
    var sendableArguments: String {
        input == nil || arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
    }
}
