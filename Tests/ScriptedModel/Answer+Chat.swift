/// OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat and its streaming.
extension Answer {
    private var chatUsage: JSON {
        // Cached tokens are a part of the prompt's here; a script counts them apart.
        [
            "prompt_tokens": .integer(usage.input + cached), "completion_tokens": .integer(usage.output),
            "total_tokens": .integer(usage.input + cached + usage.output),
            "prompt_tokens_details": ["cached_tokens": .integer(cached)],
        ]
    }

    private var finishReason: String {
        switch stop {
        case "tool_use": "tool_calls"
        case "max_tokens": "length"
        case "refusal": "content_filter"
        default: "stop"
        }
    }

    private func chatEnvelope(_ model: String, _ kind: String, _ choices: [JSON]) -> [String: JSON] {
        [
            "id": .string("chatcmpl-\(number)"), "object": .string(kind), "created": 1_767_225_600,
            "model": .string(model), "choices": .array(choices),
        ]
    }

    func chatBody(_ model: String) -> JSON {
        var message: [String: JSON] = [
            "role": "assistant", "content": text.isEmpty ? nil : .string(text), "refusal": nil,
        ]
        if !calls.isEmpty {
            message["tool_calls"] = .array(
                calls.map { call in
                    [
                        "id": .string(call.identifier), "type": "function",
                        "function": ["name": .string(call.tool), "arguments": .string(call.arguments)],
                    ]
                })
        }
        var body = chatEnvelope(
            model, "chat.completion",
            [
                [
                    "index": 0, "message": .object(message), "finish_reason": .string(finishReason), "logprobs": nil,
                ]
            ])
        body["usage"] = chatUsage
        return .object(body)
    }

    func chatEvents(_ model: String, withUsage: Bool) -> [ServerEvent] {
        func chunk(_ delta: JSON, finish: JSON = nil) -> ServerEvent {
            let choice: JSON = ["index": 0, "delta": delta, "finish_reason": finish, "logprobs": nil]
            return ServerEvent(unnamed: JSON.object(chatEnvelope(model, "chat.completion.chunk", [choice])).line)
        }
        var events = [chunk(["role": "assistant", "content": ""])]
        if !text.isEmpty { events += text.inPieces.map { chunk(["content": .string($0)]) } }
        for (index, call) in calls.enumerated() {
            events.append(
                chunk([
                    "tool_calls": [
                        [
                            "index": .integer(index), "id": .string(call.identifier), "type": "function",
                            "function": ["name": .string(call.tool), "arguments": ""],
                        ]
                    ]
                ]))
            events += call.arguments.inPieces.map {
                chunk(["tool_calls": [["index": .integer(index), "function": ["arguments": .string($0)]]]])
            }
        }
        events.append(chunk([:], finish: .string(finishReason)))
        if withUsage {
            var last = chatEnvelope(model, "chat.completion.chunk", [])
            last["usage"] = chatUsage
            events.append(ServerEvent(unnamed: JSON.object(last).line))
        }
        events.append(ServerEvent(unnamed: "[DONE]"))
        return events
    }

    /// The error of both protocols of OpenAI.
    static func openAIError(_ status: Int, _ message: String) -> JSON {
        let kinds = [400: "invalid_request_error", 401: "invalid_request_error", 429: "rate_limit_error"]
        return [
            "error": [
                "message": .string(message), "type": .string(kinds[status] ?? "server_error"), "param": nil,
                "code": status == 429 ? "rate_limit_exceeded" : nil,
            ]
        ]
    }
}
