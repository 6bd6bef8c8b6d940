package import Model

/// Gemini CLI with `--output-format stream-json`, according to its documentation.
package struct GeminiDialect: EventDialect {
    package static let tellsItsEnd = true

    private var lastText = ""
    private var lastError = ""

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        switch event["type"].text {
        case "init": return event["session_id"].text.map { [.session($0)] } ?? []
        case "message":
            guard event["role"].text == "assistant", let text = event["content"].text else { return [] }
            // Later pieces of a message have `delta`.
            let isPiece = event["delta"].isTrue && !lastText.isEmpty
            lastText = isPiece ? (lastText + text).shortened(to: 500) : text.shortened(to: 500)
            return (isPiece ? [] : [.turn]) + [.text(text.shortened(to: 2000))]
        case "tool_use":
            lastText = ""
            return [.toolUse(name: event["tool_name"].text ?? "tool", input: event["parameters"].digest)]
        case "tool_result": return [.toolResult(isError: event["status"].text == "error")]
        case "error":
            lastError = event["message"].text ?? lastError
            return []
        case "result": return result(event)
        default: return []
        }
    }

    private func result(_ event: EventValue) -> [WorkerEvent] {
        let stats = event["stats"]
        let cached = stats["cached"].count ?? 0
        let usage = Usage(
            inputTokens: max(0, (stats["input_tokens"].count ?? 0) - cached), cachedTokens: cached,
            outputTokens: stats["output_tokens"].count ?? 0)
        if event["status"].text == "success" {
            return [.usage(usage), .finished(.init(.success, message: lastText))]
        }
        let message = event["error"]["message"].text ?? lastError
        let isTurnLimit = event["error"]["type"].text?.contains("MaxTurns") ?? false
        return [
            .usage(usage),
            .finished(isTurnLimit ? WorkerResult(.turnLimit, message: message) : .failure(message)),
        ]
    }
}
