import Foundation

/// Anthropic Messages: https://docs.anthropic.com/en/api/messages and messages-streaming.
extension Answer {
    private var messageUsage: [String: JSON] {
        [
            "input_tokens": .integer(usage.input), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": .integer(cached), "output_tokens": .integer(usage.output),
        ]
    }

    private func message(_ model: String, content: [JSON], stop: JSON, output: Int) -> JSON {
        var usage = messageUsage
        usage["output_tokens"] = .integer(output)
        return [
            "id": .string("msg_\(number)"), "type": "message", "role": "assistant", "model": .string(model),
            "content": .array(content), "stop_reason": stop, "stop_sequence": nil, "usage": .object(usage),
        ]
    }

    func messagesBody(_ model: String) -> JSON {
        var content: [JSON] = text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
        content += calls.map { call in
            let input = (try? JSON.parse(Data(call.arguments.utf8))) ?? [:]
            return [
                "type": "tool_use", "id": .string("toolu_\(call.identifier)"), "name": .string(call.tool),
                "input": input,
            ]
        }
        return message(model, content: content, stop: .string(stop), output: usage.output)
    }

    func messagesEvents(_ model: String) -> [ServerEvent] {
        var events = [
            ServerEvent([
                "type": "message_start", "message": message(model, content: [], stop: nil, output: 1),
            ])
        ]
        var blocks: [(start: JSON, deltas: [JSON])] = []
        if !text.isEmpty {
            let pieces: [JSON] = text.inPieces.map { ["type": "text_delta", "text": .string($0)] }
            blocks.append((["type": "text", "text": ""], pieces))
        }
        for call in calls {
            let pieces: [JSON] = call.arguments.inPieces.map {
                ["type": "input_json_delta", "partial_json": .string($0)]
            }
            blocks.append(
                (
                    [
                        "type": "tool_use", "id": .string("toolu_\(call.identifier)"), "name": .string(call.tool),
                        "input": [:],
                    ], pieces
                ))
        }
        for (index, block) in blocks.enumerated() {
            events.append(
                ServerEvent([
                    "type": "content_block_start", "index": .integer(index), "content_block": block.start,
                ]))
            if index == 0 { events.append(ServerEvent(["type": "ping"])) }
            events += block.deltas.map {
                ServerEvent(["type": "content_block_delta", "index": .integer(index), "delta": $0])
            }
            events.append(ServerEvent(["type": "content_block_stop", "index": .integer(index)]))
        }
        events.append(
            ServerEvent([
                "type": "message_delta", "delta": ["stop_reason": .string(stop), "stop_sequence": nil],
                "usage": ["output_tokens": .integer(usage.output)],
            ]))
        events.append(ServerEvent(["type": "message_stop"]))
        return events
    }

    static func messagesError(_ status: Int, _ message: String) -> JSON {
        let kinds = [
            400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
            413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error",
        ]
        return [
            "type": "error",
            "error": ["type": .string(kinds[status] ?? "api_error"), "message": .string(message)],
        ]
    }
}

/// One event of a stream of server-sent events.
struct ServerEvent: Sendable {
    /// nil leaves the `event:` line out.
    var name: String?
    var data: String

    /// An event that is named by the `type` of its data.
    init(_ data: JSON) {
        name = data["type"]?.text
        self.data = data.line
    }

    /// - Parameter data: as it is, without a name.
    init(unnamed data: String) { self.data = data }

    var bytes: [UInt8] { Array(((name.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n").utf8) }
}

extension String {
    /// The text as a model would send it, a few characters at a time; at least one piece.
    var inPieces: [String] {
        let length = Swift.max(8, count / 8)
        var pieces: [String] = []
        var rest = self[...]
        repeat {
            pieces.append(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        } while !rest.isEmpty
        return pieces
    }
}
