package import Model

/// Aider 0.86 with `--no-pretty --analytics-log /dev/stdout`: text for people, mixed with lines of its local log, where
/// `message_send` has the exact tokens of one request.
package struct AiderDialect: EventDialect {
    package static let tellsItsEnd = false

    private var total = Usage()
    private var error = ""
    /// The lines of the answer that is being printed; nil between two answers.
    private var answer: [String]?
    private var hasAnswered = false

    /// Bytes of an answer that are kept: its end.
    private static let longestAnswer = 16_000

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        // An answer may have JSON on a line of its own too, such as a reviewer's verdict.
        if let event = EventValue(line: line), event["event"].text != nil, event["user_id"].text != nil {
            return logged(event)
        }
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
        if answer != nil {
            if !text.hasPrefix("Tokens: ") { answer?.append(text) }
            return []
        }
        // What Aider itself says after an answer would stand in the place of the model's last words.
        return hasAnswered ? [] : [.text(text)]
    }

    /// The answer that was printed, as one text.
    private mutating func takeAnswer() -> [WorkerEvent] {
        let text = (answer ?? []).joined(separator: "\n").trimmingBlankLines
        answer = nil
        guard !text.isEmpty else { return [] }
        hasAnswered = true
        return [.text(String(decoding: text.utf8.suffix(Self.longestAnswer), as: UTF8.self))]
    }

    package func tellsWholeCalls(of tool: String) -> Bool { false }

    private mutating func logged(_ event: EventValue) -> [WorkerEvent] {
        let properties = event["properties"]
        switch event["event"].text {
        case "message_send_starting":
            answer = []
            return []
        case "message_send":
            total =
                total
                + Usage(
                    inputTokens: properties["prompt_tokens"].count ?? 0,
                    outputTokens: properties["completion_tokens"].count ?? 0, usd: Self.cost(properties["cost"]))
            error = ""
            return takeAnswer() + [.turn, .usage(total)]
        case "exit":
            return takeAnswer() + [.finished(error.isEmpty ? WorkerResult(.success) : .failure(error))]
        default: return []
        }
    }

    /// A cost of 0 means an unknown price.
    private static func cost(_ told: EventValue) -> Double? { told.amount.flatMap { $0 > 0 ? $0 : nil } }
}

extension String {
    fileprivate var trimmingBlankLines: String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false)
        let isBlank = { (line: Substring) in line.allSatisfy(\.isWhitespace) }
        guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].joined(separator: "\n")
    }

    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
