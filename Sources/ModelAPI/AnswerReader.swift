import Model

/// Builds an answer or an error from the head and the bytes of a transfer.
///
/// It never holds more than the limits allow. It belongs to one transfer and is used on its thread.
struct AnswerReader {
    private let limits: TransferLimits
    private let now: Double
    private var parser: ServerSentEventParser
    private var decoder: any AnswerDecoder
    private var head = ResponseHead()
    private var headBytes = 0
    private var bodyBytes = 0
    /// The body of an answer without a stream, or the first part of a refusal.
    private var whole: [UInt8] = []
    private(set) var failure: ModelError?

    /// - Parameter now: seconds since 1970, to interpret dates in the head.
    init(dialect: Dialect, limits: TransferLimits, now: Double) {
        self.limits = limits
        self.now = now
        parser = ServerSentEventParser(limit: limits.eventBytes)
        decoder = dialect.decoder()
    }

    /// Maximum bytes to read of an answer with a status other than 200.
    private static let largestRefusal = 64 << 10

    /// Whether further bytes are ignored.
    var isComplete: Bool {
        failure != nil || decoder.isComplete || (head.kind == .refusal && whole.count >= Self.largestRefusal)
    }

    /// Reads one line of the head.
    mutating func readHead(_ line: [UInt8]) {
        headBytes += line.count
        if headBytes > limits.headBytes { failure = .tooLarge(limits.headBytes) }
        head.read(line)
    }

    mutating func readBody(_ bytes: some Collection<UInt8>) {
        guard !isComplete else { return }
        bodyBytes += bytes.count
        guard bodyBytes <= limits.bytes else { return failure = .tooLarge(limits.bytes) }
        guard head.kind == .stream else { return whole.append(contentsOf: bytes) }
        do {
            for event in try parser.read(bytes) where failure == nil {
                do { try decoder.read(event) } catch { failure = error }
            }
        } catch {
            failure = .tooLarge(error.limit)
        }
    }

    /// Returns the answer, once nothing more comes.
    func answer() throws(ModelError) -> ModelAnswer {
        if let failure { throw withRetryAfter(failure) }
        switch head.kind {
        case .stream: return try decoder.answer()
        case .refusal: throw head.refusal(Array(whole.prefix(Self.largestRefusal)), now: now)
        case .whole:
            guard let value = JSON(parsing: whole) else { throw .malformed("it is not JSON, despite its content type") }
            var decoder = decoder
            try decoder.readWhole(value)
            return try decoder.answer()
        }
    }

    /// Returns the body of an answer that is no stream.
    func document() throws(ModelError) -> [UInt8] {
        if let failure { throw failure }
        guard head.kind == .whole else { throw head.refusal(Array(whole.prefix(Self.largestRefusal)), now: now) }
        return whole
    }

    /// - Throws: the refusal, for a status other than 200 to 299.
    func delivery() throws(ModelError) {
        // What the receiver answers does not matter.
        guard (200..<300).contains(head.status) else {
            throw failure ?? head.refusal(Array(whole.prefix(Self.largestRefusal)), now: now)
        }
    }

    private func withRetryAfter(_ error: ModelError) -> ModelError {
        guard case .provider(var refusal) = error, refusal.retryAfter == nil else { return error }
        refusal.retryAfter = RetryAfter.seconds(head.fields, now: now)
        return .provider(refusal)
    }
}

/// The status and the headers of an answer.
struct ResponseHead {
    private(set) var status = 0
    /// Headers by lower-case names. The last one of a name counts.
    private(set) var fields: [String: String] = [:]

    private static let mostFields = 256

    mutating func read(_ line: [UInt8]) {
        var text = String(decoding: line, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        if text.hasPrefix("HTTP/") {
            // 100 Continue and proxies send an earlier head.
            fields = [:]
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = text.firstIndex(of: ":"), fields.count < Self.mostFields {
            let value = text[text.index(after: colon)...]
            fields[text[..<colon].lowercased()] = String(value.trimmingPrefix { $0 == " " || $0 == "\t" })
        }
    }

    enum Kind {
        case stream
        /// An answer in one piece, although a stream was requested.
        case whole
        case refusal
    }

    /// Some servers send no content type or a wrong one, so everything that is not clearly something else is a stream.
    var kind: Kind {
        let type = fields["content-type"]?.lowercased() ?? ""
        if status != 200 || type.hasPrefix("text/html") { return .refusal }
        return type.hasPrefix("application/json") ? .whole : .stream
    }

    /// Returns the error of a refused request.
    func refusal(_ body: [UInt8], now: Double) -> ModelError {
        guard status != 0 else { return .malformed("it has no status line") }
        guard status != 200 else {
            return .malformed("it is '\(fields["content-type"] ?? "")'; check the base URL")
        }
        let parsed = JSON(parsing: body)
        // Gemini sends a list of one.
        let json = parsed?.array?.first ?? parsed
        // Anthropic and OpenAI send an object; others a text, or a text without an enclosing error.
        let error = (json?["error"] ?? json).map { ErrorWords($0) }
        let detail = json?["detail"]?.string ?? String(decoding: body.prefix(300), as: UTF8.self)
        return .provider(
            ModelError.Refusal(
                status: status, kind: error?.kind ?? "", message: error.flatMap(\.message) ?? detail,
                retryAfter: RetryAfter.seconds(fields, now: now),
                shouldRetry: fields["x-should-retry"].flatMap { ["true": true, "false": false][$0] }))
    }
}

/// What a provider's error says, in the forms of several servers.
struct ErrorWords {
    /// The provider's name of the error.
    let kind: String
    let code: String
    /// nil if the error has none.
    let message: String?

    /// Codes that say more than the type beside them.
    private static let tellingCodes = [
        "insufficient_quota", "context_length_exceeded", "model_max_prompt_tokens_exceeded",
    ]

    init(_ error: JSON) {
        code = error["code"]?.string ?? ""
        kind = Self.tellingCodes.contains(code) ? code : error["type"]?.string ?? code
        var message = (error["message"]?.string ?? error.string).map { String($0.prefix(500)) }
        // OpenRouter says only that the provider behind it has refused, and quotes that one.
        if let quoted = error["metadata"]?["raw"]?.string {
            message = "\((message ?? "").prefix(100)): \(quoted.prefix(400))"
        }
        // llama.cpp tells its window beside the message.
        if let window = error["n_ctx"]?.integer { message = "\((message ?? "").prefix(400)) (n_ctx = \(window))" }
        self.message = message
    }
}
