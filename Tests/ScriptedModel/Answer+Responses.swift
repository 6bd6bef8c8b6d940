/// OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and responses-streaming.
extension Answer {
    private var responsesUsage: JSON {
        [
            "input_tokens": .integer(usage.input + cached), "input_tokens_details": ["cached_tokens": .integer(cached)],
            "output_tokens": .integer(usage.output), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .integer(usage.input + cached + usage.output),
        ]
    }

    private var isRefusal: Bool { stop == "refusal" }

    private func part(_ text: String) -> JSON {
        isRefusal
            ? ["type": "refusal", "refusal": .string(text)]
            : ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    private func messageItem(_ status: String, _ content: [JSON]) -> JSON {
        [
            "type": "message", "id": .string("msg_\(number)"), "role": "assistant", "status": .string(status),
            "content": .array(content),
        ]
    }

    private func callItem(_ call: Call, _ status: String, _ arguments: String) -> JSON {
        var item: [String: JSON] = [
            "type": call.isText ? "custom_tool_call" : "function_call", "id": .string("item_\(call.identifier)"),
            "call_id": .string(call.identifier), "name": .string(call.tool), "status": .string(status),
            call.isText ? "input" : "arguments": .string(arguments),
        ]
        if let namespace = call.namespace { item["namespace"] = .string(namespace) }
        return .object(item)
    }

    private func response(_ model: String, _ status: String, output: [JSON], usage: JSON) -> JSON {
        [
            "id": .string("resp_\(number)"), "object": "response", "created_at": 1_767_225_600,
            "status": .string(status), "model": .string(model), "output": .array(output), "usage": usage,
            "error": nil, "incomplete_details": stop == "max_tokens" ? ["reason": "max_output_tokens"] : nil,
            "instructions": nil, "metadata": [:], "parallel_tool_calls": true, "temperature": 1, "top_p": 1,
            "tool_choice": "auto", "tools": [],
        ]
    }

    private var finalStatus: String { stop == "max_tokens" ? "incomplete" : "completed" }

    func responsesBody(_ model: String) -> JSON {
        let output =
            (text.isEmpty ? [] : [messageItem("completed", [part(text)])])
            + calls.map { callItem($0, "completed", $0.arguments) }
        return response(model, finalStatus, output: output, usage: responsesUsage)
    }

    func responsesEvents(_ model: String) -> [ServerEvent] {
        var events: [[String: JSON]] = ["response.created", "response.in_progress"].map {
            ["type": .string($0), "response": response(model, "in_progress", output: [], usage: nil)]
        }
        var index = 0
        if !text.isEmpty {
            events += textEvents(index)
            index += 1
        }
        for call in calls {
            events += callEvents(call, index)
            index += 1
        }
        events.append([
            "type": .string("response.\(finalStatus)"), "response": responsesBody(model),
        ])
        return events.enumerated().map { number, event in
            var event = event
            event["sequence_number"] = .integer(number)
            return ServerEvent(.object(event))
        }
    }

    private func textEvents(_ index: Int) -> [[String: JSON]] {
        let place: [String: JSON] = [
            "item_id": .string("msg_\(number)"), "output_index": .integer(index), "content_index": 0,
        ]
        func event(_ type: String, _ more: [String: JSON]) -> [String: JSON] {
            place.merging(more) { $1 }.merging(["type": .string("response.\(type)")]) { $1 }
        }
        let kind = isRefusal ? "refusal" : "output_text"
        let whole = isRefusal ? "refusal" : "text"
        var events: [[String: JSON]] = [
            [
                "type": "response.output_item.added", "output_index": .integer(index),
                "item": messageItem("in_progress", []),
            ],
            event("content_part.added", ["part": part("")]),
        ]
        events += text.inPieces.map { event("\(kind).delta", ["delta": .string($0), "logprobs": []]) }
        events.append(event("\(kind).done", [whole: .string(text), "logprobs": []]))
        events.append(event("content_part.done", ["part": part(text)]))
        events.append([
            "type": "response.output_item.done", "output_index": .integer(index),
            "item": messageItem("completed", [part(text)]),
        ])
        return events
    }

    private func callEvents(_ call: Call, _ index: Int) -> [[String: JSON]] {
        let place: [String: JSON] = [
            "item_id": .string("item_\(call.identifier)"), "output_index": .integer(index),
        ]
        let kind = call.isText ? "response.custom_tool_call_input" : "response.function_call_arguments"
        var events: [[String: JSON]] = [
            [
                "type": "response.output_item.added", "output_index": .integer(index),
                "item": callItem(call, "in_progress", ""),
            ]
        ]
        events += call.arguments.inPieces.map {
            place.merging(["type": .string("\(kind).delta"), "delta": .string($0)]) { $1 }
        }
        events.append(
            place.merging([
                "type": .string("\(kind).done"), call.isText ? "input" : "arguments": .string(call.arguments),
                "name": .string(call.tool),
            ]) { $1 })
        events.append([
            "type": "response.output_item.done", "output_index": .integer(index),
            "item": callItem(call, "completed", call.arguments),
        ])
        return events
    }
}
