package import Model

/// Mistral Vibe 3.0 with `-p --output streaming`, and its `export.json` on one line at the end, the only source of usage.
///
/// An answer that only calls tools has no entry of its own, so the number of answers is complete only with the export.
package struct VibeDialect: EventDialect {
    package static let tellsItsEnd = true

    private var turns = 0
    private var hasSession = false
    private var lastText = ""

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        if event["outcome"].text != nil, !event["vibe_version"].isNothing { return export(event) }
        var events: [WorkerEvent] = []
        if !hasSession, let session = event["sessionId"].text {
            hasSession = true
            events.append(.session(session))
        }
        switch event["type"].text {
        case "message" where event["role"].text == "assistant":
            turns += 1
            lastText = event["content"].list.compactMap { $0["text"].text }.joined(separator: "\n")
            events += [.turn, .text(lastText.shortened(to: 2000))]
        case "effect":
            let detail = event["detail"]
            let name = detail["toolName"].text ?? event["title"].text ?? "tool"
            events.append(.toolUse(name: name, input: detail["input"].digest))
            let state = event["state"]
            if state["decision"].text == "skip" {
                events.append(.denied(tool: name))
            }
            let succeeded = state["display"]["success"].isTrue
            events.append(.toolResult(isError: !succeeded || state["status"].text != "completed"))
        default: break
        }
        return events
    }

    private mutating func export(_ value: EventValue) -> [WorkerEvent] {
        var events: [WorkerEvent] = []
        if !hasSession, let session = value["session_id"].text { events.append(.session(session)) }
        let more = min(max(0, (value["steps"].count ?? 0) - turns), Self.mostTurns)
        turns += more
        events += Array(repeating: .turn, count: more)
        // Work of subagents is not part of the sum.
        let parts = [value] + value["subagents"].list
        events.append(.usage(parts.reduce(Usage()) { $0 + Self.usage($1) }))
        events.append(.finished(outcome(of: value)))
        return events
    }

    /// Bound on the answers that an export can add.
    private static let mostTurns = 10_000

    private static func usage(_ part: EventValue) -> Usage {
        let told = part["usage"]
        let cached = told["cached_input_tokens"].count ?? 0
        // A cost of 0 means an unknown price.
        let usd = part["cost_usd"].amount.flatMap { $0 > 0 ? $0 : nil }
        return Usage(
            inputTokens: max(0, (told["input_tokens"].count ?? 0) - cached), cachedTokens: cached,
            outputTokens: told["output_tokens"].count ?? 0, usd: usd)
    }

    private func outcome(of value: EventValue) -> WorkerResult {
        let message = (value["error"]["message"].text ?? lastText).shortened(to: 500)
        return switch value["outcome"].text {
        case "finished": WorkerResult(.success, message: message)
        case "turn_limit": WorkerResult(.turnLimit, message: message)
        case "token_limit", "price_limit": WorkerResult(.budgetLimit, message: message)
        case "refusal": WorkerResult(.refused, message: message)
        case "length": WorkerResult(.error, message: "the model's answer was longer than its limit")
        case "terminated", "deadline": WorkerResult(.error, message: "it was stopped")
        case let outcome: .failure([outcome ?? "", message].joined(separator: ": "))
        }
    }
}
