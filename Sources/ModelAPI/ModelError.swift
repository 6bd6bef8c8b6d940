package import Model

/// Why a model gave no answer. It never contains the key.
package enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The provider refused. `status` is the HTTP status, or the one that matches an error within a stream.
    case provider(Refusal)
    /// The provider's limit is used up, and the allowed waiting time is not enough.
    case limit(Refusal)
    /// No connection, or a broken one, with the system's message.
    case connection(String)
    /// Nothing came for this many seconds on an open connection.
    case silent(Double)
    /// The answer was incomplete after this many seconds, although data kept coming.
    case tooSlow(Double)
    /// The answer, its head or one event exceeded this many bytes.
    case tooLarge(Int)
    /// The stream ended before the answer did.
    case cutShort
    /// The answer does not follow the dialect, with the reason.
    case malformed(String)
    case cancelled
    /// Wrong settings. Nothing was sent.
    case configuration(String)

    package struct Refusal: Error, Sendable, Equatable {
        package var status: Int
        /// The provider's name of the error, such as `overloaded_error`.
        package var kind: String
        /// The provider's message, shortened.
        package var message: String
        /// Seconds to wait, as the provider asked.
        package var retryAfter: Double?
        /// Whether to try again, if the provider said so.
        package var shouldRetry: Bool?

        package init(
            status: Int, kind: String = "", message: String = "", retryAfter: Double? = nil, shouldRetry: Bool? = nil
        ) {
            self.status = status
            self.kind = kind
            self.message = message
            self.retryAfter = retryAfter
            self.shouldRetry = shouldRetry
        }

        fileprivate var words: String {
            [kind, message].filter { !$0.isEmpty }.joined(separator: ": ")
        }
    }

    package var description: String {
        switch self {
        case .provider(let refusal):
            "the provider refused with status \(refusal.status) (\(refusal.words))\(hint(refusal.status))"
        case .limit(let refusal):
            "the provider's limit is used up: status \(refusal.status) (\(refusal.words))"
                + (refusal.retryAfter.map { "; it asks to wait \(Self.seconds($0))" } ?? "")
        case .connection(let reason): "no connection to the provider: \(reason)"
        case .silent(let limit): "the provider has sent nothing for \(Self.seconds(limit))"
        case .tooSlow(let limit): "the answer was not complete after \(Self.seconds(limit))"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .cutShort: "the stream ended before the answer was complete"
        case .malformed(let what): "the provider's answer cannot be read: \(what)"
        case .cancelled: "cancelled"
        case .configuration(let what): what
        }
    }

    /// The request does not fit into the model's window; nil for another error.
    package var windowExceeded: WindowExceeded? {
        guard case .provider(let refusal) = self else { return nil }
        switch refusal.status {
        case 400, 413, 422, 500: return WindowExceeded(message: refusal.kind + " " + refusal.message)
        // A single request above the limit of tokens per minute is too large however long one waits.
        case 429 where refusal.message.lowercased().contains("request too large for"):
            return WindowExceeded(message: refusal.message)
        default: return nil
        }
    }

    private func hint(_ status: Int) -> String {
        if let exceeded = windowExceeded {
            let window = exceeded.window.map { "\($0)" } ?? "the tokens of the model's window"
            return "; give it a model with a larger window, or set ORCHESTRATE_CONTEXT_TOKENS to \(window) or less"
        }
        return switch status {
        case 401, 403: "; check that the key belongs to this base URL"
        case 404: "; check the base URL and the name of the model"
        default: ""
        }
    }

    private static func seconds(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
    }
}
