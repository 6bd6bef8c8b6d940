package import Model

/// OpenHands CLI 1.16 with `--headless --json`. Lines between the events are for people.
///
/// The shipped worker adds the state of the conversation, which has the usage, before the last event. A cost of 0 means
/// that the program does not know the price of the model.
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
            events.append(.turn)
            let thought = event["thought"].list.compactMap { $0["text"].text }.joined(separator: "\n")
            if !thought.isEmpty { events.append(.text(thought.shortened(to: 2000))) }
            if event["action"]["kind"].text == "FinishAction" { break }
            events.append(
                .toolUse(
                    name: event["tool_name"].text ?? event["action"]["kind"].text ?? "tool",
                    input: event["action"].digest))
        case "ObservationEvent", "observation":
            if event["observation"]["kind"].text == "FinishObservation" {
                let said = event["observation"]["content"].list.compactMap { $0["text"].text }.joined(separator: "\n")
                events.append(.finished(WorkerResult(.success, message: said.shortened(to: 500))))
            } else {
                events.append(.toolResult(isError: event["observation"]["is_error"].isTrue))
            }
        case "AgentErrorEvent": events.append(.toolResult(isError: true))
        case "ConversationErrorEvent", "error":
            events.append(.finished(.failure(event["detail"].text ?? event["message"].text ?? "")))
        case "ConversationStateUpdateEvent":
            if let usage = Self.usage(event["value"]) { events.append(.usage(usage)) }
            // No event of its own tells this end.
            if event["value"]["execution_status"].text == "stuck" {
                events.append(.finished(WorkerResult(.stuck, message: "OpenHands found that it repeats itself")))
            }
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
            let usd = metric["accumulated_cost"].amount.flatMap { $0 > 0 ? $0 : nil }
            return sum
                + Usage(
                    inputTokens: max(0, (tokens["prompt_tokens"].count ?? 0) - cached), cachedTokens: cached,
                    outputTokens: tokens["completion_tokens"].count ?? 0, usd: usd)
        }
    }
}
