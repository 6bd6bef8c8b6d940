package import Model

/// The built-in agent, `orchestrate agent`. docs/workers.md describes the lines that are read, for authors of workers.
package struct OrchestrateDialect: EventDialect {
    package static let tellsItsEnd = true

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        switch event["event"].text ?? event["type"].text {
        case "session": return event["id"].text.map { [.session($0)] } ?? []
        case "request": return [.request]
        case "turn": return [.turn]
        case "text": return [.text((event["text"].text ?? "").shortened(to: 2000))]
        case "tool_use": return [.toolUse(name: event["name"].text ?? "tool", input: event["input"].digest)]
        case "tool_result": return [.toolResult(isError: event["is_error"].isTrue)]
        case "denied": return [.denied(tool: event["name"].text ?? "tool")]
        case "retry": return [.retry(after: event["after"].amount, status: event["status"].count)]
        case "usage": return [.usage(Self.usage(event))]
        case "finished", "result": return finished(event)
        default: return []
        }
    }

    private func finished(_ event: EventValue) -> [WorkerEvent] {
        let message = (event["message"].text ?? "").shortened(to: 500)
        let kind: WorkerResult.Kind =
            switch event["result"].text ?? event["kind"].text {
            case "success": .success
            case "refused": .refused
            case "gave-up": .gaveUp
            case "stuck": .stuck
            case "turn-limit": .turnLimit
            case "budget-limit": .budgetLimit
            case "provider-limit": .providerLimit(retryAfter: event["retry_after"].amount)
            case "unreachable": .unreachable
            default: .error
            }
        let status = kind == .error ? WorkerResult.status(in: message.lowercased()) : nil
        return [.finished(WorkerResult(kind, message: message, status: status))]
    }

    private static func usage(_ event: EventValue) -> Usage {
        Usage(
            inputTokens: event["input_tokens"].count ?? 0, cachedTokens: event["cached_tokens"].count ?? 0,
            outputTokens: event["output_tokens"].count ?? 0, usd: event["usd"].amount)
    }
}
