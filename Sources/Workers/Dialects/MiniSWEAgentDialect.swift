package import Model

/// mini-swe-agent 2.4: text for people while it runs, and its trajectory on one line at the end, the only source of
/// token counts.
package struct MiniSWEAgentDialect: EventDialect {
    package static let tellsItsEnd = true

    private var total = Usage()
    private var isInCall = false

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        if let value = EventValue(line: line), !value["messages"].list.isEmpty { return trajectory(value) }
        let text = String(decoding: line.prefix(2000), as: UTF8.self)
        // Each answer starts with "mini-swe-agent (step 3, $0.12):".
        if text.hasPrefix("mini-swe-agent (step ") {
            isInCall = false
            let dollars = text.split(separator: "$").dropFirst().first?.prefix { $0.isNumber || $0 == "." }
            if let usd = dollars.flatMap({ Double($0) }), usd > 0 {
                total.usd = usd
                return [.turn, .usage(total)]
            }
            return [.turn]
        }
        if text.hasPrefix("Retrying "), text.contains(" as it raised ") { return [Self.retry(text)] }
        return [.text(text)]
    }

    /// "Retrying <unknown> in 8 seconds as it raised RateLimitError: ..."
    private static func retry(_ text: String) -> WorkerEvent {
        let seconds = text.split(separator: " in ").dropFirst().first?.prefix { $0.isNumber || $0 == "." }
        let isLimit = ["RateLimit", "InternalServer", "ServiceUnavailable"].contains { text.contains($0) }
        return .retry(after: seconds.flatMap { Double($0) }, status: isLimit ? 429 : nil)
    }

    private func trajectory(_ value: EventValue) -> [WorkerEvent] {
        var events: [WorkerEvent] = []
        var usage = Usage()
        for message in value["messages"].list {
            let told = message["extra"]["response"]["usage"]
            let cached = told["prompt_tokens_details"]["cached_tokens"].count ?? 0
            usage.inputTokens += max(0, (told["prompt_tokens"].count ?? 0) - cached)
            usage.cachedTokens += cached
            usage.outputTokens += told["completion_tokens"].count ?? 0
            for action in message["extra"]["actions"].list {
                events.append(.toolUse(name: "bash", input: action["command"].digest))
            }
            if message["role"].text == "tool" {
                events.append(.toolResult(isError: message["extra"]["returncode"].count != 0))
            }
        }
        let spent = value["info"]["model_stats"]["instance_cost"].amount ?? 0
        // A cost of 0 means an unknown price.
        usage.usd = spent > 0 ? spent : nil
        events.append(.usage(usage))
        let last = value["messages"].list.last?["extra"] ?? .nothing
        events.append(.finished(Self.outcome(last["exit_status"].text ?? "", value["info"])))
        return events
    }

    private static func outcome(_ status: String, _ info: EventValue) -> WorkerResult {
        switch status {
        case "Submitted": WorkerResult(.success)
        case "LimitsExceeded": WorkerResult(.turnLimit, message: "it used up its steps or its budget")
        case "RepeatedFormatError":
            WorkerResult(.error, message: "the model answered again and again without a command (\(status))")
        default: .failure([status, info["exception_str"].text ?? ""].joined(separator: " "))
        }
    }
}
