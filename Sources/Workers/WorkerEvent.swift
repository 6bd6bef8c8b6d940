package import Model

/// One thing that a worker's output tells, whatever program it is.
package enum WorkerEvent: Sendable, Equatable {
    /// What the model said, shortened.
    case text(String)
    /// - Parameter input: one line that tells the call from others, shortened.
    case toolUse(name: String, input: String)
    case toolResult(isError: Bool)
    /// A tool that the program did not let the model use.
    case denied(tool: String)
    /// The model has answered once more.
    case turn
    /// What was used since the attempt began, as far as it is told; each replaces the one before.
    case usage(Usage)
    /// The provider took no request, and the program tries again by itself.
    ///
    /// - Parameters:
    ///   - seconds: which it waits first; nil if it does not say.
    ///   - status: of HTTP; nil for a connection that broke.
    case retry(after: Double?, status: Int?)
    /// The conversation, by the name under which it can be taken up again.
    case session(String)
    /// The program says that it is done; nothing of interest follows.
    case finished(WorkerResult)
}

/// How a worker says that it has ended.
package struct WorkerResult: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case success
        case error
        /// The model would not do it.
        case refused
        /// The model says that it cannot be done.
        case gaveUp
        /// It used up the turns it was given.
        case turnLimit
        /// It used up the money or the tokens it was given.
        case budgetLimit
        /// The provider is overloaded or takes no more requests for a while.
        case providerLimit(retryAfter: Double?)
        /// The provider could not be reached, or broke off again and again.
        case unreachable
        /// It went round in circles and noticed.
        case stuck
    }

    package var kind: Kind
    /// In the program's or the model's own words, shortened.
    package var message: String

    package init(_ kind: Kind, message: String = "") {
        self.kind = kind
        self.message = message
    }

    /// Reads from an error's words what kind it is; some programs tell a status nowhere else.
    package static func failure(_ message: String, status: Int? = nil) -> WorkerResult {
        WorkerResult(kind(of: message, status: status), message: message.shortened(to: 500))
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

    /// A status of HTTP that an error names: `429`, as a word of its own after "status", "error" or "api error:".
    private static func status(in message: String) -> Int? {
        let words = message.split { !$0.isLetter && !$0.isNumber }
        for (word, next) in zip(words, words.dropFirst()) where ["status", "error", "code", "http"].contains(word) {
            if next.utf8.count == 3, let status = Int(next), (400..<600).contains(status) { return status }
        }
        return nil
    }
}

extension String {
    /// At most so many characters; the rest is three dots.
    package func shortened(to length: Int) -> String {
        // A text of megabytes is not counted to its end.
        let head = prefix(length)
        return head.endIndex == endIndex ? self : head + "..."
    }

    /// The text on one line.
    package var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
