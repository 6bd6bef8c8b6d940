package import Model

/// OpenHands with `--headless --json`, according to its documentation. Lines between the events are for people.
package struct OpenHandsDialect: EventDialect {
    package static let tellsItsEnd = false

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        var events: [WorkerEvent] = []
        switch event["kind"].text ?? event["type"].text {
        case "MessageEvent", "message":
            let text = event["llm_message"]["content"].list.compactMap { $0["text"].text }.joined(separator: "\n")
            if event["source"].text == "agent" { events += [.turn, .text(text.shortened(to: 2000))] }
        case "ActionEvent", "action":
            events += [
                .turn,
                .toolUse(
                    name: event["tool_name"].text ?? event["action"]["kind"].text ?? "tool",
                    input: event["action"].digest),
            ]
        case "ObservationEvent", "observation":
            events.append(.toolResult(isError: event["observation"]["is_error"].isTrue))
        case "AgentErrorEvent": events.append(.toolResult(isError: true))
        case "ConversationErrorEvent", "error":
            events.append(.finished(.failure(event["detail"].text ?? event["message"].text ?? "")))
        case "ConversationStateUpdateEvent":
            if let usage = Self.usage(event["value"]) { events.append(.usage(usage)) }
        default: break
        }
        return events
    }

    private static func usage(_ state: EventValue) -> Usage? {
        let metrics = state["stats"]["usage_to_metrics"].members.values
        guard !metrics.isEmpty else { return nil }
        return metrics.reduce(Usage()) { sum, metric in
            let tokens = metric["accumulated_token_usage"]
            let cached = tokens["cache_read_tokens"].count ?? 0
            return sum
                + Usage(
                    inputTokens: max(0, (tokens["prompt_tokens"].count ?? 0) - cached), cachedTokens: cached,
                    outputTokens: tokens["completion_tokens"].count ?? 0, usd: metric["accumulated_cost"].amount)
        }
    }
}
