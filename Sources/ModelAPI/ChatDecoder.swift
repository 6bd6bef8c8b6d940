import Model

/// Decodes answers of OpenAI's Chat Completions API and of the many servers that resemble it.
struct ChatDecoder: AnswerDecoder {
    private struct Call {
        var index: Int?
        var id: String
        var name: String
        var arguments = ""
    }

    private(set) var isComplete = false
    private var text = ""
    private var refusal = ""
    private var calls: [Call] = []
    private var finish: String?
    private var tokens = TokenCount()
    private var model = ""

    mutating func read(_ event: ServerSentEvent) throws(ModelError) {
        guard !isComplete else { return }
        if event.data == "[DONE]" {
            isComplete = true
            return
        }
        try take(Self.json(event), message: "delta")
    }

    mutating func readWhole(_ answer: JSON) throws(ModelError) {
        try take(answer, message: "message")
        isComplete = true
    }

    /// - Parameter message: the key of the choice's message, or of a piece of it.
    private mutating func take(_ value: JSON, message: String) throws(ModelError) {
        if let error = value["error"] { throw Self.refusal(error) }
        if model.isEmpty { model = value["model"]?.string ?? "" }
        count(value["usage"])
        guard let choice = value["choices"]?.array?.first else { return }
        let delta = choice[message]
        text += delta?["content"]?.string ?? ""
        refusal += delta?["refusal"]?.string ?? ""
        for piece in delta?["tool_calls"]?.array ?? [] { try append(piece) }
        finish = choice["finish_reason"]?.string ?? finish
    }

    /// A piece belongs to the call with its index. Some servers send no index, or the same one for all calls. A new id
    /// then starts a new call.
    private mutating func append(_ piece: JSON) throws(ModelError) {
        let (index, id) = (piece["index"]?.integer, piece["id"]?.string ?? "")
        let name = piece["function"]?["name"]?.string ?? ""
        let place = calls.lastIndex { call in
            (index == nil || call.index == index) && (id.isEmpty || call.id == id || call.id.isEmpty)
        }
        let arguments = piece["function"]?["arguments"]?.string ?? ""
        if let place {
            if calls[place].id.isEmpty { calls[place].id = id }
            // Some servers repeat the name with every piece.
            if calls[place].name.isEmpty { calls[place].name = name }
            calls[place].arguments += arguments
        } else {
            guard calls.count < Self.mostParts else { throw .malformed("more tool calls than \(Self.mostParts)") }
            calls.append(Call(index: index, id: id, name: name, arguments: arguments))
        }
    }

    /// Figures that come with every piece are totals.
    private mutating func count(_ usage: JSON?) {
        guard let usage else { return }
        let cached = TokenCount.figure(usage["prompt_tokens_details"]?["cached_tokens"]) ?? 0
        let prompt = TokenCount.figure(usage["prompt_tokens"]) ?? 0
        tokens = TokenCount(
            input: max(0, prompt - cached), cacheRead: min(cached, prompt),
            output: TokenCount.figure(usage["completion_tokens"]) ?? 0)
    }

    func answer() throws(ModelError) -> ModelAnswer {
        // Not every server ends with [DONE]. A finish reason also ends an answer.
        guard isComplete || finish != nil, finish != nil || !calls.isEmpty || !text.isEmpty else { throw .cutShort }
        var parts: [ChatMessage.Part] = text.isEmpty ? [] : [.text(text)]
        if parts.isEmpty, !refusal.isEmpty { parts = [.text(refusal)] }
        for (number, call) in calls.enumerated() {
            let id = call.id.isEmpty ? "call_\(number)" : call.id
            parts.append(.toolCall(ToolCall(id: id, name: call.name, arguments: call.arguments)))
        }
        return ModelAnswer(parts: parts, stop: stop, tokens: tokens, model: model)
    }

    private var stop: ModelAnswer.Stop {
        switch finish {
        case "length": .length
        case "content_filter": .refusal
        // Some servers send `stop` for an answer that ends in calls.
        case _ where !calls.isEmpty: .toolCalls
        case "stop", nil: refusal.isEmpty ? .end : .refusal
        case .some(let other): .other(other)
        }
    }
}
