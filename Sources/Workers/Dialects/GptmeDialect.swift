package import Model

/// gptme 0.35 with `--non-interactive --output-format json`, and at the end the last line of its log if that is an error.
///
/// Every answer has its own tokens. The cost is not read: for an unknown model the program takes the price of another.
package struct GptmeDialect: EventDialect {
    package static let tellsItsEnd = false

    private var total = Usage()

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        guard let event = EventValue(line: line) else { return [] }
        let content = event["content"].text ?? ""
        let metadata = event["metadata"]
        switch event["role"].text {
        case "assistant":
            var events: [WorkerEvent] = [.turn, .text(content.shortened(to: 2000))]
            events += Self.calls(in: content)
            let told = metadata["usage"]
            if !told.isNothing {
                total = total + Self.usage(told)
                events.append(.usage(total))
            }
            return events
        case "system":
            if metadata["error"].isTrue { return [.finished(Self.failure(content, metadata["error_class"].text))] }
            guard let tool = metadata["tool"].text else { return [] }
            if tool == "complete" { return [.finished(WorkerResult(.success))] }
            return [.toolResult(isError: content.contains("\nReturn code: ") || content.hasPrefix("Error"))]
        default: return []
        }
    }

    private static func usage(_ told: EventValue) -> Usage {
        Usage(
            inputTokens: (told["input_tokens"].count ?? 0) + (told["cache_creation_tokens"].count ?? 0),
            cachedTokens: told["cache_read_tokens"].count ?? 0, outputTokens: told["output_tokens"].count ?? 0)
    }

    /// Calls are lines such as `@shell(call_1): {"command":"true"}`.
    private static func calls(in content: String) -> [WorkerEvent] {
        content.split(whereSeparator: \.isNewline).compactMap { line in
            guard line.first == "@", let open = line.firstIndex(of: "("), let end = line.firstRange(of: "): ") else {
                return nil
            }
            let input = EventValue(line: Array(line[end.upperBound...].utf8))
            let name = String(line[line.index(after: line.startIndex)..<open])
            // It is the end, which its result reports.
            guard name != "complete" else { return nil }
            return .toolUse(
                name: name,
                input: input?.digest ?? String(line[end.upperBound...]).shortened(to: 160))
        }
    }

    /// - Parameter content: "error: CLASS" and the message in the next lines.
    private static func failure(_ content: String, _ kind: String?) -> WorkerResult {
        let message = words(
            of: content.split(separator: "\n", maxSplits: 1).dropFirst().first.map(String.init) ?? content)
        if kind == "rate_limit" { return WorkerResult(.providerLimit(retryAfter: nil), message: message) }
        return .failure(message)
    }

    /// Takes the provider's words out of a message such as `Error code: 401 - {'error': {'message': 'wrong key'}}`.
    private static func words(of message: String) -> String {
        guard let object = message.firstRange(of: " - {"), let key = message.firstRange(of: "'message': ") else {
            return message
        }
        let rest = message[key.upperBound...]
        guard let quote = rest.first, quote == "'" || quote == "\"" else { return message }
        let said = rest.dropFirst().prefix { $0 != quote }
        return said.isEmpty ? message : "\(message[..<object.lowerBound]): \(said)"
    }
}
