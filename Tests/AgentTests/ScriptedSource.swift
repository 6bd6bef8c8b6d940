import Model
import ModelAPI
import Synchronization

/// A model that says what a test tells it, one answer after the other; asked further, it says the last again.
final class ScriptedSource: ModelSource {
    private let answers: [Result<ModelAnswer, ModelError>]
    private let requests = Mutex<[ModelRequest]>([])

    var received: [ModelRequest] { requests.withLock { $0 } }

    init(_ answers: [Result<ModelAnswer, ModelError>]) { self.answers = answers }

    convenience init(_ answers: ModelAnswer...) { self.init(answers.map { .success($0) }) }

    func answer(
        _ request: ModelRequest, onRetry: @Sendable (RetryNotice) -> Void
    ) async throws(ModelError) -> ModelAnswer {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        return try answers[min(number, answers.count) - 1].get()
    }
}

extension ModelAnswer {
    /// An answer of calls, each of 100 tokens read and 10 written.
    static func calls(_ calls: (name: String, input: JSON)..., text: String = "") -> ModelAnswer {
        let parts = calls.enumerated().map { number, call in
            ChatMessage.Part.toolCall(ToolCall(id: "c\(number)", name: call.name, arguments: call.input.text))
        }
        return ModelAnswer(
            parts: (text.isEmpty ? [] : [.text(text)]) + parts, stop: .toolCalls,
            tokens: TokenCount(input: 100, output: 10))
    }

    /// As of a server that does not count: the script's figures are not those of the conversation.
    var uncounted: ModelAnswer {
        var answer = self
        answer.tokens = TokenCount()
        return answer
    }

    static func done(_ summary: String = "Did it.", outcome: String = "finished") -> ModelAnswer {
        calls(("done", ["summary": .string(summary), "outcome": .string(outcome), "reason": "because"]))
    }

    static func says(_ text: String) -> ModelAnswer {
        ModelAnswer(parts: [.text(text)], stop: .end, tokens: TokenCount(input: 100, output: 10))
    }
}
