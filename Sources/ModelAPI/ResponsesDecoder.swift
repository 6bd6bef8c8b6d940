import Model

/// Decodes answers of OpenAI's Responses API.
struct ResponsesDecoder: AnswerDecoder {
    private var items: [Int: JSON] = [:]
    /// The response object of the last event of the stream.
    private var response: JSON?

    var isComplete: Bool { response != nil }

    mutating func read(_ event: ServerSentEvent) throws(ModelError) {
        // Some servers end with the mark of Chat Completions.
        guard !isComplete, event.data != "[DONE]" else { return }
        let value = try Self.json(event)
        switch value["type"]?.string {
        case "response.output_item.done":
            guard let item = value["item"], items.count < Self.mostParts else {
                throw .malformed("an output item is missing, or there are too many")
            }
            items[value["output_index"]?.integer ?? items.count] = item
        case "response.completed", "response.incomplete": response = value["response"] ?? .object([:])
        case "response.failed": throw Self.refusal(value["response"]?["error"] ?? .object([:]))
        // In OpenAI's documentation the fields are in the event itself. Some servers use an object.
        case "error": throw Self.refusal(value["error"] ?? Self.withoutType(value))
        // Proxies send their own errors without a type.
        case nil: if let error = value["error"] { throw Self.refusal(error) }
        // Pieces of text and arguments are ignored: the whole item comes at its end.
        default: break
        }
    }

    mutating func readWhole(_ answer: JSON) throws(ModelError) {
        if let error = answer["error"] { throw Self.refusal(error) }
        guard answer["output"]?.array != nil else { throw .malformed("the answer has no output") }
        response = answer
    }

    /// Removes the event's own type, `error`, which is not the type of the error.
    private static func withoutType(_ value: JSON) -> JSON {
        var members = value.object ?? [:]
        members["type"] = nil
        return .object(members)
    }

    func answer() throws(ModelError) -> ModelAnswer {
        guard let response else { throw .cutShort }
        let inOrder = items.sorted { $0.key < $1.key }.map(\.value)
        let whole = response["output"]?.array ?? []
        // Some servers omit items from one of the two.
        let output = whole.count >= inOrder.count ? whole : inOrder
        let parts = output.flatMap(Self.parts)
        let usage = response["usage"]
        let cached = TokenCount.figure(usage?["input_tokens_details"]?["cached_tokens"]) ?? 0
        let input = TokenCount.figure(usage?["input_tokens"]) ?? 0
        return ModelAnswer(
            parts: parts, stop: Self.stop(of: response, output: output, parts: parts),
            tokens: TokenCount(
                input: max(0, input - cached), cacheRead: min(cached, input),
                output: TokenCount.figure(usage?["output_tokens"]) ?? 0),
            model: response["model"]?.string ?? "")
    }

    private static func stop(
        of response: JSON, output: [JSON], parts: [ChatMessage.Part]
    ) -> ModelAnswer.Stop {
        if response["status"]?.string == "incomplete" {
            let reason = response["incomplete_details"]?["reason"]?.string ?? ""
            return reason == "max_output_tokens" ? .length : reason == "content_filter" ? .refusal : .other(reason)
        }
        if parts.contains(where: { if case .toolCall = $0 { true } else { false } }) { return .toolCalls }
        let contents = output.flatMap { $0["content"]?.array ?? [] }
        return contents.contains { $0["type"]?.string == "refusal" } ? .refusal : .end
    }

    private static func parts(_ item: JSON) -> [ChatMessage.Part] {
        switch item["type"]?.string {
        case "message":
            (item["content"]?.array ?? []).compactMap { content in
                (content["text"]?.string ?? content["refusal"]?.string).map(ChatMessage.Part.text)
            }
        case "function_call":
            [
                .toolCall(
                    ToolCall(
                        id: item["call_id"]?.string ?? item["id"]?.string ?? "", name: item["name"]?.string ?? "",
                        arguments: item["arguments"]?.string ?? ""))
            ]
        // The provider would look up reasoning without content, and it stores nothing.
        case "reasoning": item["encrypted_content"] == nil ? [] : [.opaque(item)]
        default: []
        }
    }
}
