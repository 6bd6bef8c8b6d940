package import Model

/// The wire formats that providers speak.
package enum Dialect: String, Sendable, CaseIterable {
    /// Anthropic's Messages.
    case anthropic
    /// OpenAI's Chat Completions, and what nearly every other server offers.
    case chat
    /// OpenAI's Responses.
    case responses

    /// What comes behind the base URL, which each dialect's own client libraries count differently.
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

    /// The variable that the dialect's own client libraries take the key from.
    package var defaultKeyVariable: String {
        switch self {
        case .anthropic: "ANTHROPIC_API_KEY"
        case .chat, .responses: "OPENAI_API_KEY"
        }
    }

    /// Headers beside those every request has.
    package func headers(key: APIKey?) -> [(name: String, value: String)] {
        switch self {
        case .anthropic:
            [("anthropic-version", "2023-06-01")] + (key.map { [("x-api-key", $0.value)] } ?? [])
        case .chat, .responses: key.map { [("authorization", "Bearer \($0.value)")] } ?? []
        }
    }

    /// The body of a request for a stream.
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

/// Puts an answer together from the events of its stream.
package protocol AnswerDecoder: Sendable {
    /// - Throws: `.provider` for an error that the provider sends, `.malformed` for what is not of the dialect.
    mutating func read(_ event: ServerSentEvent) throws(ModelError)

    /// Takes in an answer that came as a whole, from a server that does not stream, or not always.
    mutating func readWhole(_ answer: JSON) throws(ModelError)

    /// The answer is complete: nothing that may still come counts.
    var isComplete: Bool { get }

    /// - Throws: `.cutShort` where the stream has ended too early.
    func answer() throws(ModelError) -> ModelAnswer
}

extension AnswerDecoder {
    /// Parts that one answer may have, far above what a model writes.
    static var mostParts: Int { 1024 }

    static func json(_ event: ServerSentEvent) throws(ModelError) -> JSON {
        guard let value = JSON(parsing: event.data), case .object = value else {
            throw .malformed("an event is no JSON object: \(event.data.prefix(80))")
        }
        return value
    }

    /// Builds the error for an error object within a stream, where there is no HTTP status any more.
    static func refusal(_ error: JSON) -> ModelError {
        let kind = error["type"]?.string ?? error["code"]?.string ?? ""
        let code = error["code"]?.string ?? ""
        let number = error["code"]?.integer ?? Int(code)
        let status =
            number.flatMap { (400..<600).contains($0) ? $0 : nil } ?? statuses[kind] ?? statuses[code] ?? 500
        return .provider(
            ModelError.Refusal(
                status: status, kind: kind, message: String((error["message"]?.string ?? "").prefix(500))))
    }

    /// What the providers' documents say these errors come with when they come before the stream.
    private static var statuses: [String: Int] {
        [
            "overloaded_error": 529, "rate_limit_error": 429, "rate_limit_exceeded": 429, "api_error": 500,
            "timeout_error": 504, "server_error": 500, "invalid_request_error": 400, "authentication_error": 401,
            "permission_error": 403, "not_found_error": 404, "request_too_large": 413, "billing_error": 402,
            "insufficient_quota": 402, "context_length_exceeded": 400, "invalid_prompt": 400,
        ]
    }
}
