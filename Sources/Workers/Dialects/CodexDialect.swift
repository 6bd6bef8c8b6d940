package import Model

/// Codex 0.163 with `exec --json`.
///
/// `turn.completed` has the tokens of the whole conversation, including earlier processes. No usage comes before it,
/// and
/// there is no cost. A refusal looks like an answer without text.
package struct CodexDialect: EventDialect {
    package static let tellsItsEnd = true

    private let before: Usage?
    private var lastText = ""
    /// An answer may be text, tool calls, or text followed by calls.
    private var isInAnswer = false

    package init(before: Usage?) { self.before = before }

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        switch event["type"].text {
        case "thread.started": return event["thread_id"].text.map { [.session($0)] } ?? []
        case "item.started": return started(event["item"])
        case "item.completed": return completed(event["item"])
        case "error": return error(event["message"].text ?? "")
        case "turn.completed": return [.usage(usage(event["usage"])), .finished(.init(.success, message: lastText))]
        case "turn.failed": return [.finished(.failure(event["error"]["message"].text ?? ""))]
        default: return []
        }
    }

    package func tellsWholeCalls(of tool: String) -> Bool { tool != "file_change" }

    private mutating func started(_ item: EventValue) -> [WorkerEvent] {
        let call: WorkerEvent
        switch item["type"].text {
        case "command_execution": call = .toolUse(name: "command", input: item["command"].digest)
        case "mcp_tool_call":
            let name = [item["server"].text, item["tool"].text].compactMap { $0 }.joined(separator: ".")
            call = .toolUse(name: name, input: item["arguments"].digest)
        default: return []
        }
        defer { isInAnswer = true }
        return isInAnswer ? [call] : [.turn, call]
    }

    private mutating func completed(_ item: EventValue) -> [WorkerEvent] {
        switch item["type"].text {
        case "agent_message":
            lastText = (item["text"].text ?? "").shortened(to: 500)
            isInAnswer = true
            return [.turn, .text((item["text"].text ?? "").shortened(to: 2000))]
        case "command_execution":
            isInAnswer = false
            return [.toolResult(isError: item["exit_code"].count != 0)]
        case "mcp_tool_call":
            isInAnswer = false
            return [.toolResult(isError: item["status"].text == "failed")]
        case "file_change":
            let paths = item["changes"].list.compactMap { $0["path"].text }.joined(separator: " ")
            return [
                .toolUse(name: "file_change", input: paths.shortened(to: 300)),
                .toolResult(isError: item["status"].text == "failed"),
            ]
        default: return []
        }
    }

    private func error(_ message: String) -> [WorkerEvent] {
        guard message.hasPrefix("Reconnecting") else { return [] }
        let status = message.split { !$0.isNumber }.compactMap { Int($0) }.first { (400..<600).contains($0) }
        return [.retry(after: nil, status: status)]
    }

    private func usage(_ told: EventValue) -> Usage {
        let cached = told["cached_input_tokens"].count ?? 0
        // The input includes cached tokens.
        return Usage(
            inputTokens: max(0, (told["input_tokens"].count ?? 0) - cached), cachedTokens: cached,
            outputTokens: told["output_tokens"].count ?? 0
        ).since(before)
    }
}
