@testable import ModelAPI

/// Answers as providers write them, in all dialects: a text, and two calls side by side.
enum Streams {
    static func sse(_ events: [(name: String, data: String)]) -> String {
        events.map { ($0.name.isEmpty ? "" : "event: \($0.name)\n") + "data: \($0.data)\n\n" }.joined()
    }

    /// What all three say.
    static let answer = ModelAnswer(
        parts: [
            .text("Café, naïve."), .toolCall(ToolCall(id: "a1", name: "read", arguments: #"{"path": "é.py"}"#)),
            .toolCall(ToolCall(id: "b2", name: "list", arguments: "{}")),
        ], stop: .toolCalls, tokens: TokenCount(input: 10, cacheRead: 20, output: 7), model: "m-1")

    static func text(_ dialect: Dialect) -> String {
        switch dialect {
        case .anthropic: anthropic
        case .chat: chat
        case .responses: responses
        }
    }

    /// The same answer in one piece.
    static func whole(_ dialect: Dialect) -> String {
        switch dialect {
        case .anthropic:
            #"""
            {"type":"message","model":"m-1","content":[{"type":"text","text":"Café, naïve."},
             {"type":"tool_use","id":"a1","name":"read","input":{"path":"é.py"}},
             {"type":"tool_use","id":"b2","name":"list","input":{}}],"stop_reason":"tool_use",
             "usage":{"input_tokens":10,"cache_read_input_tokens":20,"output_tokens":7}}
            """#
        case .chat:
            #"""
            {"model":"m-1","choices":[{"finish_reason":"tool_calls","message":{"content":"Café, naïve.","tool_calls":[
             {"id":"a1","function":{"name":"read","arguments":"{\"path\": \"é.py\"}"}},
             {"id":"b2","function":{"name":"list","arguments":"{}"}}]}}],
             "usage":{"prompt_tokens":30,"prompt_tokens_details":{"cached_tokens":20},"completion_tokens":7}}
            """#
        case .responses:
            #"""
            {"model":"m-1","status":"completed","output":[
             {"type":"message","content":[{"type":"output_text","text":"Café, naïve."}]},
             {"type":"function_call","call_id":"a1","name":"read","arguments":"{\"path\": \"é.py\"}"},
             {"type":"function_call","call_id":"b2","name":"list","arguments":"{}"}],
             "usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":20},"output_tokens":7}}
            """#
        }
    }

    private static let anthropic = sse([
        (
            "message_start",
            #"{"type":"message_start","message":{"id":"x","role":"assistant","model":"m-1","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":20,"output_tokens":1}}}"#
        ),
        ("content_block_start", #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
        ("ping", #"{"type":"ping"}"#),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Café, "}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"naïve."}}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a1","name":"read","input":{}}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"path\": "}}"#
        ),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"b2","name":"list","input":{}}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\"é.py\"}"}}"#
        ),
        ("message_delta", #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}"#),
        ("message_stop", #"{"type":"message_stop"}"#),
    ])

    private static let chat = sse([
        ("", #"{"id":"x","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":"Café, "}}]}"#),
        ("", #"{"id":"x","model":"m-1","choices":[{"index":0,"delta":{"content":"naïve."}}]}"#),
        (
            "",
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a1","type":"function","function":{"name":"read","arguments":""}}]}}]}"#
        ),
        (
            "",
            #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b2","type":"function","function":{"name":"list","arguments":"{}"}}]}}]}"#
        ),
        ("", #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\": "}}]}}]}"#),
        ("", #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"é.py\"}"}}]}}]}"#),
        ("", #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#),
        (
            "",
            #"{"choices":[],"usage":{"prompt_tokens":30,"prompt_tokens_details":{"cached_tokens":20},"completion_tokens":7}}"#
        ),
        ("", "[DONE]"),
    ])

    private static let responses = sse([
        ("response.created", #"{"type":"response.created","response":{"id":"x","status":"in_progress"}}"#),
        ("response.output_text.delta", #"{"type":"response.output_text.delta","output_index":0,"delta":"Café"}"#),
        (
            "response.output_item.done",
            #"{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"b2","name":"list","arguments":"{}"}}"#
        ),
        (
            "response.output_item.done",
            #"{"type":"response.output_item.done","output_index":0,"item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Café, naïve."}]}}"#
        ),
        (
            "response.output_item.done",
            #"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"a1","name":"read","arguments":"{\"path\": \"é.py\"}"}}"#
        ),
        (
            "response.completed",
            #"{"type":"response.completed","response":{"model":"m-1","status":"completed","output":[],"usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":20},"output_tokens":7}}}"#
        ),
    ])

    /// Reads a whole answer as the transfer does, in pieces.
    static func read(
        _ dialect: Dialect, _ pieces: [[UInt8]],
        head: String = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n",
        limits: TransferLimits = TransferLimits()
    ) -> Result<ModelAnswer, ModelError> {
        var reader = AnswerReader(dialect: dialect, limits: limits, now: 784_111_767)
        for line in head.split(separator: "\r\n") { reader.readHead(Array("\(line)\r\n".utf8)) }
        for piece in pieces where !reader.isComplete { reader.readBody(piece) }
        do throws(ModelError) { return .success(try reader.answer()) } catch { return .failure(error) }
    }

    static func read(_ dialect: Dialect, _ text: String) -> Result<ModelAnswer, ModelError> {
        read(dialect, [Array(text.utf8)])
    }
}
