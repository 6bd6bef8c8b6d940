package import Model

/// The wire formats of providers.
package enum Dialect: String, Sendable, CaseIterable {
    /// Anthropic's Messages.
    case anthropic
    /// OpenAI's Chat Completions, which nearly every other server also offers.
    case chat
    /// OpenAI's Responses.
    case responses

    /// The path after the base URL. It follows each dialect's own client libraries, which cut the URL differently.
    package var path: String {
        switch self {
        case .anthropic: "/v1/messages"
        case .chat: "/chat/completions"
        case .responses: "/responses"
        }
    }

    package var defaultBaseURL: String {
        switch self {
        case .anthropic: "https://api.anthropic.com"
        case .chat, .responses: "https://api.openai.com/v1"
        }
    }

    /// The variable from which the dialect's own client libraries read the key.
    package var defaultKeyVariable: String {
        switch self {
        case .anthropic: "ANTHROPIC_API_KEY"
        case .chat, .responses: "OPENAI_API_KEY"
        }
    }

    /// Returns the headers of the dialect, in addition to those of every request.
    package func headers(key: APIKey?) -> [(name: String, value: String)] {
        switch self {
        case .anthropic:
            [("anthropic-version", "2023-06-01")] + (key.map { [("x-api-key", $0.value)] } ?? [])
        case .chat, .responses: key.map { [("authorization", "Bearer \($0.value)")] } ?? []
        }
    }

    /// Returns the body of a streaming request.
    package func body(_ request: ModelRequest, model: String) -> JSON {
        switch self {
        case .anthropic: AnthropicEncoder.body(request, model: model)
        case .chat: ChatEncoder.body(request, model: model)
        case .responses: ResponsesEncoder.body(request, model: model)
        }
    }

    package func decoder() -> any AnswerDecoder {
        switch self {
        case .anthropic: AnthropicDecoder()
        case .chat: ChatDecoder()
        case .responses: ResponsesDecoder()
        }
    }
}

/// Builds an answer from the events of its stream.
package protocol AnswerDecoder: Sendable {
    /// - Throws: `.provider` for an error that the provider sends, `.malformed` for an event that is not of the
    ///   dialect.
    mutating func read(_ event: ServerSentEvent) throws(ModelError)

    /// Reads an answer in one piece, from a server that did not stream it.
    mutating func readWhole(_ answer: JSON) throws(ModelError)

    /// Whether the answer is complete. Further events are ignored.
    var isComplete: Bool { get }

    /// - Throws: `.cutShort` if the stream ended too early.
    func answer() throws(ModelError) -> ModelAnswer
}

extension AnswerDecoder {
    /// Maximum parts of one answer, far more than a model writes.
    static var mostParts: Int { 1024 }

    static func json(_ event: ServerSentEvent) throws(ModelError) -> JSON {
        guard let value = JSON(parsing: event.data), case .object = value else {
            throw .malformed("an event is not a JSON object: \(event.data.prefix(80))")
        }
        return value
    }

    /// Returns the error for an error object within a stream, which has no HTTP status.
    static func refusal(_ error: JSON) -> ModelError {
        let words = ErrorWords(error)
        let number = error["code"]?.integer ?? Int(words.code)
        let status =
            number.flatMap { (400..<600).contains($0) ? $0 : nil } ?? statuses[words.kind] ?? statuses[words.code]
            ?? 500
        return .provider(ModelError.Refusal(status: status, kind: words.kind, message: words.message ?? ""))
    }

    /// The HTTP statuses of these errors before a stream starts, from the providers' documentation.
    private static var statuses: [String: Int] {
        [
            "overloaded_error": 529, "rate_limit_error": 429, "rate_limit_exceeded": 429, "api_error": 500,
            "timeout_error": 504, "server_error": 500, "invalid_request_error": 400, "authentication_error": 401,
            "permission_error": 403, "not_found_error": 404, "request_too_large": 413, "billing_error": 402,
            "insufficient_quota": 402, "context_length_exceeded": 400, "invalid_prompt": 400,
        ]
    }
}
