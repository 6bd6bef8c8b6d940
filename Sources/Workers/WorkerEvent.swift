package import Model

/// An event in a worker's output, independent of the program.
package enum WorkerEvent: Sendable, Equatable {
    /// Text of the model, shortened.
    case text(String)
    /// - Parameter input: one line that identifies the call, shortened.
    case toolUse(name: String, input: String)
    case toolResult(isError: Bool)
    /// A tool that the program denied to the model.
    case denied(tool: String)
    /// The program asks its model.
    case request
    /// An answer of the model.
    case turn
    /// Usage since the start of the attempt. Each event replaces the one before.
    case usage(Usage)
    /// The provider refused a request, and the program tries again by itself.
    ///
    /// - Parameters:
    ///   - after: seconds until then; nil if unknown.
    ///   - status: HTTP status; nil for a broken connection.
    case retry(after: Double?, status: Int?)
    /// The name by which the conversation can be resumed.
    case session(String)
    /// The end of the program's work.
    case finished(WorkerResult)
}

extension WorkerEvent {
    /// The event with its texts changed. The name of a conversation is no text.
    func map(_ change: (String) -> String) -> WorkerEvent {
        switch self {
        case .text(let text): .text(change(text))
        case .toolUse(let name, let input): .toolUse(name: change(name), input: change(input))
        case .denied(let tool): .denied(tool: change(tool))
        case .finished(let result):
            .finished(
                WorkerResult(result.kind, message: change(result.message), status: result.status))
        case .toolResult, .request, .turn, .usage, .retry, .session: self
        }
    }
}

/// The result that a worker reports.
package struct WorkerResult: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case success
        case error
        /// The model refused.
        case refused
        /// The model says that the task cannot be done.
        case gaveUp
        /// It used up its turns.
        case turnLimit
        /// It used up its cost or token budget.
        case budgetLimit
        /// The provider is overloaded or refuses further requests for a while.
        case providerLimit(retryAfter: Double?)
        /// The provider could not be reached, or the connection broke repeatedly.
        case unreachable
        /// It noticed that it repeats itself.
        case stuck
    }

    package var kind: Kind
    /// A message of the program or the model, shortened.
    package var message: String
    /// The HTTP status of an error of the provider, if known.
    package var status: Int?

    package init(_ kind: Kind, message: String = "", status: Int? = nil) {
        self.kind = kind
        self.message = message
        self.status = status
    }

    /// Whether the provider would refuse the same request again.
    package var isPermanent: Bool {
        guard kind == .error, let status else { return false }
        return (400..<500).contains(status) && ![408, 409, 425, 429].contains(status)
    }

    /// Returns the result for an error. The kind is derived from the text if there is no status.
    package static func failure(_ message: String, status: Int? = nil) -> WorkerResult {
        let kind = kind(of: message, status: status)
        let known = kind == .error ? status ?? Self.status(in: message.lowercased()) : nil
        return WorkerResult(kind, message: message.shortened(to: 500), status: known)
    }

    private static func kind(of message: String, status: Int?) -> Kind {
        let lower = message.lowercased()
        if let status = status ?? Self.status(in: lower) {
            if status == 408 || status == 429 || status >= 500 { return .providerLimit(retryAfter: nil) }
            return .error
        }
        if ["overloaded", "rate limit", "rate_limit", "too many requests"].contains(where: lower.contains) {
            return .providerLimit(retryAfter: nil)
        }
        let broken = ["disconnected", "connection error", "connection refused", "error sending request", "timed out"]
        return broken.contains(where: lower.contains) ? .unreachable : .error
    }

    /// Returns an HTTP status in a text, such as `429` after the word "status", "error", "code" or "http".
    package static func status(in message: String) -> Int? {
        let words = message.split { !$0.isLetter && !$0.isNumber }
        for (word, next) in zip(words, words.dropFirst()) where ["status", "error", "code", "http"].contains(word) {
            if next.utf8.count == 3, let status = Int(next), (400..<600).contains(status) { return status }
        }
        return nil
    }
}

extension String {
    /// Returns at most this many characters, followed by three dots if the text is longer.
    package func shortened(to length: Int) -> String {
        // This avoids counting the characters of a text of megabytes.
        let head = prefix(length)
        return head.endIndex == endIndex ? self : head + "..."
    }

    /// The text on one line.
    package var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
