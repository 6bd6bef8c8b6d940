package import Model

/// OpenCode with `run --format json`, according to its documentation. Every step reports its own tokens and cost. Only
/// the
/// end of the process shows the end.
package struct OpenCodeDialect: EventDialect {
    package static let tellsItsEnd = false

    private var total = Usage(usd: 0)
    private var hasSession = false

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        var events: [WorkerEvent] = []
        if !hasSession, let session = event["sessionID"].text {
            hasSession = true
            events.append(.session(session))
        }
        let part = event["part"]
        switch event["type"].text {
        case "step_start": events.append(.turn)
        case "text": events.append(.text((part["text"].text ?? "").shortened(to: 2000)))
        case "tool_use":
            let state = part["state"]
            events.append(.toolUse(name: part["tool"].text ?? "tool", input: state["input"].digest))
            events.append(.toolResult(isError: state["status"].text == "error"))
        case "step_finish":
            let tokens = part["tokens"]
            total =
                total
                + Usage(
                    inputTokens: (tokens["input"].count ?? 0) + (tokens["cache"]["write"].count ?? 0),
                    cachedTokens: tokens["cache"]["read"].count ?? 0,
                    outputTokens: (tokens["output"].count ?? 0) + (tokens["reasoning"].count ?? 0),
                    usd: part["cost"].amount)
            events.append(.usage(total))
        case "error":
            let error = event["error"]
            let message = error["data"]["message"].text ?? error["message"].text ?? error["name"].text ?? ""
            events.append(.finished(.failure(message, status: error["data"]["statusCode"].count)))
        default: break
        }
        return events
    }
}
