package import Model

/// Claude Code 2.1 with `-p --output-format stream-json --verbose`.
///
/// Each block of an answer is one `assistant` event. All have the answer's `id` and the usage at its start, without the
/// output. The last event, `result`, has the sums. `total_cost_usd` and `modelUsage` include the earlier processes of a
/// conversation. `usage` does not, but it is incomplete after a stop by the budget.
///
/// After a broken connection the program asks again, under a new `id`, and its sums leave the broken answer out. So an
/// answer counts once it is complete, that is when a tool result or the end follows it.
package struct ClaudeCodeDialect: EventDialect {
    package static let tellsItsEnd = true

    private let before: Usage?
    private var counted: Set<String> = []
    private var total = Usage()
    /// The answer that may still break off.
    private var open: (id: String, usage: Usage)?
    /// Names of tools by `tool_use_id`.
    private var names: [String: String] = [:]

    package init(before: Usage?) { self.before = before }

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        switch event["type"].text {
        case "system": return system(event)
        case "assistant": return assistant(event["message"])
        case "user": return results(event)
        case "result": return result(event)
        default: return []
        }
    }

    private mutating func system(_ event: EventValue) -> [WorkerEvent] {
        switch event["subtype"].text {
        case "init": return event["session_id"].text.map { [.session($0)] } ?? []
        case "api_retry":
            open = nil
            return [
                .retry(after: event["retry_delay_ms"].amount.map { $0 / 1000 }, status: event["error_status"].count)
            ]
        default: return []
        }
    }

    /// Counts the last answer, which is complete.
    private mutating func close() -> [WorkerEvent] {
        guard let answer = open else { return [] }
        open = nil
        counted.insert(answer.id)
        total = total + answer.usage
        return [.usage(total)]
    }

    private mutating func assistant(_ message: EventValue) -> [WorkerEvent] {
        var events: [WorkerEvent] = []
        var written = 0
        for block in message["content"].list {
            if let text = block["text"].text {
                events.append(.text(text.shortened(to: 2000)))
                written += text.utf8.count
            }
            if block["type"].text == "tool_use", let name = block["name"].text {
                events.append(.toolUse(name: name, input: block["input"].digest))
                if let id = block["id"].text, names.count < 10_000 { names[id] = name }
                written += block["input"].digest.utf8.count
            }
        }
        // Messages of the program itself, such as an error, do not come from a model.
        guard message["model"].text != "<synthetic>", let id = message["id"].text else { return events }
        // The output is reported only at the end. Until then a token is estimated as four bytes.
        if counted.contains(id) {
            total.outputTokens += written / 4
            return events + [.usage(total)]
        }
        if open?.id != id {
            let usage = message["usage"]
            let input = (usage["input_tokens"].count ?? 0) + (usage["cache_creation_input_tokens"].count ?? 0)
            open = (id, Usage(inputTokens: input, cachedTokens: usage["cache_read_input_tokens"].count ?? 0))
            events.insert(.turn, at: 0)
        }
        open?.usage.outputTokens += written / 4
        return events
    }

    private mutating func results(_ event: EventValue) -> [WorkerEvent] {
        let names = names
        return close()
            + event["message"]["content"].list.flatMap { block -> [WorkerEvent] in
                guard block["type"].text == "tool_result" else { return [] }
                let isError = block["is_error"].isTrue
                var events = [WorkerEvent.toolResult(isError: isError)]
                if isError, let id = block["tool_use_id"].text, let name = names[id], Self.isDenial(block["content"]) {
                    events.append(.denied(tool: name))
                }
                return events
            }
    }

    /// A call of an unavailable tool is an error and is not listed in `permission_denials`.
    private static func isDenial(_ content: EventValue) -> Bool {
        let text = content.text ?? content.list.compactMap { $0["text"].text }.joined()
        return text.contains("No such tool available") || text.contains("requested permissions")
    }

    private mutating func result(_ event: EventValue) -> [WorkerEvent] {
        var events = close()
        let denied = event["permission_denials"].list.compactMap { $0["tool_name"].text }
        events += denied.map { .denied(tool: $0) }
        events.append(.usage(usage(of: event)))
        events.append(.finished(Self.outcome(of: event)))
        return events
    }

    private func usage(of event: EventValue) -> Usage {
        var usage = Usage()
        let models = event["modelUsage"].members.values
        for model in models {
            usage.inputTokens += (model["inputTokens"].count ?? 0) + (model["cacheCreationInputTokens"].count ?? 0)
            usage.cachedTokens += model["cacheReadInputTokens"].count ?? 0
            usage.outputTokens += model["outputTokens"].count ?? 0
        }
        usage.usd = event["total_cost_usd"].amount
        return models.isEmpty ? total : usage.since(before)
    }

    private static func outcome(of event: EventValue) -> WorkerResult {
        let said = event["result"].text ?? event["errors"].list.compactMap(\.text).joined(separator: "; ")
        let message = said.shortened(to: 500)
        switch event["subtype"].text {
        case "error_max_turns": return WorkerResult(.turnLimit, message: message)
        case "error_max_budget_usd": return WorkerResult(.budgetLimit, message: message)
        default: break
        }
        if event["stop_reason"].text == "refusal" { return WorkerResult(.refused, message: message) }
        // An error of the provider ends as `success` with `is_error`.
        guard event["is_error"].isTrue || event["subtype"].text != "success" else {
            return WorkerResult(.success, message: message)
        }
        return .failure(message, status: event["api_error_status"].count)
    }
}

extension Usage {
    /// Returns the usage beyond an earlier amount of the same count.
    func since(_ before: Usage?) -> Usage {
        guard let before else { return self }
        return Usage(
            inputTokens: max(0, inputTokens - before.inputTokens),
            cachedTokens: max(0, cachedTokens - before.cachedTokens),
            outputTokens: max(0, outputTokens - before.outputTokens),
            usd: usd.map { max(0, $0 - (before.usd ?? 0)) })
    }
}
