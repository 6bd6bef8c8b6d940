import Model
import Testing

@testable import ModelAPI

@Suite("What models are asked")
struct EncoderTests {
    private static let request = ModelRequest(
        system: "Be brief.",
        messages: [
            ChatMessage(.user, [.text("Change a.py.")]),
            ChatMessage(
                .assistant,
                [
                    .text("I look."), .toolCall(ToolCall(id: "1", name: "read", arguments: #"{ "path":"a.py" }"#)),
                    .toolCall(ToolCall(id: "2", name: "list", arguments: "not json")),
                ]),
            ChatMessage(
                .user,
                [
                    .toolResult(ToolResult(id: "1", text: "x = 1")),
                    .toolResult(ToolResult(id: "2", text: "bad arguments", isError: true)), .text("Go on."),
                ]),
        ],
        tools: [ToolDefinition(name: "read", summary: "Reads.", parameters: ["type": "object"])], maxOutputTokens: 99)

    @Test func `anthropic's Messages, with marks for the cache`() {
        let expected: JSON = [
            "model": "m", "max_tokens": 99, "stream": true,
            "system": [["type": "text", "text": "Be brief.", "cache_control": ["type": "ephemeral"]]],
            "tools": [["name": "read", "description": "Reads.", "input_schema": ["type": "object"]]],
            "messages": [
                [
                    "role": "user",
                    "content": [["type": "text", "text": "Change a.py.", "cache_control": ["type": "ephemeral"]]],
                ],
                [
                    "role": "assistant",
                    "content": [
                        ["type": "text", "text": "I look."],
                        ["type": "tool_use", "id": "1", "name": "read", "input": ["path": "a.py"]],
                        ["type": "tool_use", "id": "2", "name": "list", "input": [:]],
                    ],
                ],
                [
                    "role": "user",
                    "content": [
                        ["type": "tool_result", "tool_use_id": "1", "content": "x = 1", "is_error": false],
                        ["type": "tool_result", "tool_use_id": "2", "content": "bad arguments", "is_error": true],
                        ["type": "text", "text": "Go on.", "cache_control": ["type": "ephemeral"]],
                    ],
                ],
            ],
        ]
        #expect(Dialect.anthropic.body(Self.request, model: "m") == expected)
    }

    @Test func `no more marks for the cache than are allowed, however long the conversation`() {
        var request = Self.request
        for _ in 0..<5 { request.messages += Self.request.messages.dropFirst() }
        let text = Dialect.anthropic.body(request, model: "m").text
        #expect(text.ranges(of: "cache_control").count == 3)
        // What the prompts of a run share is a block of its own.
        request.messages[0].parts = [.text("Shared."), .text("Change a.py.")]
        let divided = Dialect.anthropic.body(request, model: "m")
        #expect(divided.text.ranges(of: "cache_control").count == 4)
        #expect(divided["messages"]?.array?[0]["content"]?.array?[0]["cache_control"] != nil)
    }

    @Test func `OpenAI's Chat Completions: arguments go back as they came`() {
        let body = Dialect.chat.body(Self.request, model: "m")
        let messages: JSON = [
            ["role": "system", "content": "Be brief."], ["role": "user", "content": "Change a.py."],
            [
                "role": "assistant", "content": "I look.",
                "tool_calls": [
                    [
                        "id": "1", "type": "function",
                        "function": ["name": "read", "arguments": #"{ "path":"a.py" }"#],
                    ],
                    ["id": "2", "type": "function", "function": ["name": "list", "arguments": "{}"]],
                ],
            ],
            ["role": "tool", "tool_call_id": "1", "content": "x = 1"],
            ["role": "tool", "tool_call_id": "2", "content": "bad arguments"],
            ["role": "user", "content": "Go on."],
        ]
        #expect(body["messages"] == messages)
        #expect(body["stream_options"] == ["include_usage": true])
        #expect(body["tools"]?.array?.first?["function"]?["parameters"] == ["type": "object"])
    }

    @Test func `OpenAI's Responses: nothing is left with the provider`() {
        let body = Dialect.responses.body(Self.request, model: "m")
        #expect(body["store"] == false)
        #expect(body["instructions"] == "Be brief.")
        let types = body["input"]?.array?.compactMap { $0["type"]?.string }
        #expect(
            types == [
                "message", "message", "function_call", "function_call", "function_call_output",
                "function_call_output", "message",
            ])
        #expect(body["input"]?.array?[1]["content"]?.array?.first?["type"] == "output_text")
    }

    @Test(arguments: Dialect.allCases) func `equal requests are equal bytes`(_ dialect: Dialect) {
        let first = dialect.body(Self.request, model: "m").bytes
        for _ in 0..<20 { #expect(dialect.body(Self.request, model: "m").bytes == first) }
    }
}
