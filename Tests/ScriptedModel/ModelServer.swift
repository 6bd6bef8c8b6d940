import FlyingFox
import FlyingSocks
import Foundation

/// Answers requests of all three protocols by the rules of a script.
struct ModelServer: HTTPHandler {
    let book: RuleBook
    let ledger: Ledger
    /// nil if answers have the usage that the script says.
    let cache: PromptCache?
    /// Folder in which every request's body is kept, for those who write scripts.
    let requests: String?

    static let models: [JSON] = [
        ["id": "scripted", "type": "model", "object": "model", "display_name": "Scripted", "owned_by": "nobody"]
    ]

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.path.hasSuffix("/models") {
            return whole(["object": "list", "data": .array(Self.models), "has_more": false])
        }
        let bytes = try await request.bodyData
        guard let body = try? JSON.parse(bytes) else {
            return whole(Answer.messagesError(400, "the body is no JSON"), status: 400)
        }
        if request.path.hasSuffix("/count_tokens") {
            // A token is about four bytes of English.
            return whole(["input_tokens": .integer(bytes.count / 4)])
        }
        guard let asked = ModelRequest(path: request.path, body: body) else {
            return whole(Answer.messagesError(404, "there is nothing at \(request.path)"), status: 404)
        }
        let arrived = Date().timeIntervalSince1970
        var answer = await book.answer(asked)
        if let requests {
            try bytes.write(to: URL(fileURLWithPath: "\(requests)/\(answer.number).json"))
        }
        let prompt = PromptCache.Prompt(body, wire: asked.wire)
        if let cache {
            // What is cached when the request comes counts.
            let cached = await cache.cached(prompt)
            answer.usage.cached = cached
            answer.usage.input = prompt.tokens - cached
        }
        if answer.delay > 0 { try await Task.sleep(for: .seconds(answer.delay)) }
        if answer.fault?.status == nil { await cache?.add(prompt) }
        try await ledger.bill(answer, to: asked, arrived: arrived)
        return respond(answer, to: asked)
    }

    private func respond(_ answer: Answer, to request: ModelRequest) -> HTTPResponse {
        if let status = answer.fault?.status {
            let message = answer.fault?.message ?? "scripted fault"
            let body =
                request.wire == .messages
                ? Answer.messagesError(status, message) : Answer.openAIError(status, message)
            return whole(body, status: status, retryAfter: answer.fault?.retryAfter)
        }
        guard request.isStreamed else { return plain(answer, to: request) }
        let events =
            switch request.wire {
            case .messages: answer.messagesEvents(request.model)
            case .chat: answer.chatEvents(request.model, withUsage: request.wantsUsage)
            case .responses: answer.responsesEvents(request.model)
            }
        var pieces = events.map(\.bytes)
        if let index = answer.fault?.malformedAt, pieces.indices.contains(index) {
            pieces[index] = Array("data: {\"type\": \"broken\n\n".utf8)
        }
        return HTTPResponse(
            statusCode: .ok,
            headers: headers("text/event-stream; charset=utf-8"),
            body: HTTPBodySequence(from: FaultyBody(pieces: pieces, fault: answer.fault)))
    }

    private func plain(_ answer: Answer, to request: ModelRequest) -> HTTPResponse {
        let body =
            switch request.wire {
            case .messages: answer.messagesBody(request.model)
            case .chat: answer.chatBody(request.model)
            case .responses: answer.responsesBody(request.model)
            }
        guard let fault = answer.fault else { return whole(body) }
        let bytes = Array(body.line.utf8)
        let text = fault.malformedAt == nil ? bytes : Array(bytes.dropLast(bytes.count / 2))
        let half = text.count / 2
        return HTTPResponse(
            statusCode: .ok, headers: headers("application/json"),
            body: HTTPBodySequence(
                from: FaultyBody(pieces: [Array(text[..<half]), Array(text[half...])], fault: fault)))
    }

    private func headers(_ type: String) -> HTTPHeaders {
        // Without it a client would take the connection for one it can use again.
        [.contentType: type, .connection: "close", HTTPHeader("request-id"): "req_scripted"]
    }

    private func whole(_ body: JSON, status: Int = 200, retryAfter: Double? = nil) -> HTTPResponse {
        var headers = headers("application/json")
        if let retryAfter { headers[HTTPHeader("Retry-After")] = retryAfter.formatted() }
        return HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: "Scripted"), headers: headers, body: Data(body.line.utf8))
    }
}
