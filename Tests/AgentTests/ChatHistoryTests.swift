import ModelAPI
import Synchronization
import Testing

@testable import Agent

@Suite("A conversation under its limit")
struct ChatHistoryTests {
    /// A prompt, then turns with a result of so many bytes each.
    private static func history(turns: Int, bytes: Int, limit: Int) -> ChatHistory {
        var history = ChatHistory(prompt: "prompt", limit: limit)
        for turn in 0..<turns {
            history.append(ChatMessage(.assistant, [.toolCall(ToolCall(id: "c\(turn)", name: "run", arguments: "{}"))]))
            let text = String(repeating: "x", count: bytes)
            history.append(ChatMessage(.user, [.toolResult(ToolResult(id: "c\(turn)", text: text))]))
        }
        return history
    }

    @Test func `the part of a prompt that all tasks share is a part of its own`() {
        func parts(_ prompt: String) -> [ChatMessage.Part] {
            ChatHistory(prompt: prompt, limit: 1000).messages[0].parts
        }
        #expect(
            parts("## Goal\n\nNew.\n\n# Task: a.py\n\n## Files") == [
                .text("## Goal\n\nNew.\n"), .text("# Task: a.py\n\n## Files"),
            ])
        for title in ["# Review: a.py", "# Done or not: a.py"] {
            #expect(parts("## Goal\n\n\(title)\n") == [.text("## Goal\n"), .text("\(title)\n")])
        }
        #expect(parts("# Task: a.py\n") == [.text("# Task: a.py\n")])
        #expect(parts("No title") == [.text("No title")])
    }

    @Test func `drops the oldest results, down to half of the limit, and keeps them elsewhere`() {
        var history = Self.history(turns: 30, bytes: 3000, limit: 20_000)
        #expect(history.isOverLimit)
        let kept = Mutex<[String]>([])
        let dropped = history.dropResults { call, text in
            kept.withLock { $0.append(call) }
            return "@results/\(call).txt"
        }
        #expect(kept.withLock { $0 } == (0..<dropped).map { "c\($0)" })
        #expect((9_000...11_500).contains(history.tokens), "\(history.tokens)")
        #expect(history.messages[0].parts == [.text("prompt")])
        guard case .toolResult(let first) = history.messages[2].parts[0] else { return }
        #expect(first.text.hasSuffix("read path @results/c0.txt]"))
        #expect(first.text.utf8.count < 300)
    }

    @Test func `the last messages stay, and so does what cannot be kept elsewhere`() {
        var history = Self.history(turns: 4, bytes: 30_000, limit: 1000)
        #expect(history.dropResults { call, _ in "@results/\(call).txt" } == 1)
        #expect(history.isOverLimit)
        var other = Self.history(turns: 4, bytes: 30_000, limit: 1000)
        #expect(other.dropResults { _, _ in nil } == 0)
        #expect(other.messages == Self.history(turns: 4, bytes: 30_000, limit: 1000).messages)
    }

    @Test func `nothing is dropped below the limit, and what the provider counted is believed`() {
        var history = Self.history(turns: 30, bytes: 3000, limit: 100_000)
        #expect(history.dropResults { call, _ in call } == 0)
        history.count(99_000)
        #expect(history.tokens == 99_000)
        history.append(ChatMessage(.user, [.text(String(repeating: "x", count: 6000))]))
        #expect(history.tokens == 101_000)
        history.summarise(as: "what was done")
        #expect(history.tokens < 100)
        #expect(history.messages.count == 1)
    }
}
