package import Model

/// Aider 0.86 with `--no-pretty --analytics-log /dev/stdout`: text for people, mixed with lines of its local log, where
/// `message_send` has the exact tokens of one request.
package struct AiderDialect: EventDialect {
    package static let tellsItsEnd = false

    private var total = Usage()
    private var error = ""

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        if let event = EventValue(line: line) { return logged(event) }
        let text = String(decoding: line.prefix(2000), as: UTF8.self)
        if let name = text.dropping(prefix: "Applied edit to ") {
            return [.toolUse(name: "edit", input: name), .toolResult(isError: false)]
        }
        if text.hasPrefix("The LLM did not conform to the edit format") { return [.toolResult(isError: true)] }
        if let name = text.dropping(prefix: "litellm.") {
            // Errors of the provider, which Aider retries by itself.
            error = String(name)
            let kind = WorkerResult.failure(error).kind
            let isLimit =
                kind == .providerLimit(retryAfter: nil) || error.hasPrefix("RateLimit")
                || error.hasPrefix("InternalServer") || error.hasPrefix("ServiceUnavailable")
            return [.retry(after: nil, status: isLimit ? 429 : nil)]
        }
        return [.text(text)]
    }

    package func tellsWholeCalls(of tool: String) -> Bool { false }

    private mutating func logged(_ event: EventValue) -> [WorkerEvent] {
        let properties = event["properties"]
        switch event["event"].text {
        case "message_send":
            total =
                total
                + Usage(
                    inputTokens: properties["prompt_tokens"].count ?? 0,
                    outputTokens: properties["completion_tokens"].count ?? 0, usd: Self.cost(properties["cost"]))
            error = ""
            return [.turn, .usage(total)]
        case "exit": return [.finished(error.isEmpty ? WorkerResult(.success) : .failure(error))]
        default: return []
        }
    }

    /// A cost of 0 means an unknown price.
    private static func cost(_ told: EventValue) -> Double? { told.amount.flatMap { $0 > 0 ? $0 : nil } }
}

extension String {
    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
