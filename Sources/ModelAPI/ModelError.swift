/// Why there is no answer of a model. Never holds the key.
package enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The provider refused; `status` is HTTP's, or the one that belongs to an error it sent within a stream.
    case provider(Refusal)
    /// The provider's limit is used up, and waiting as long as allowed was not enough, or would not be.
    case limit(Refusal)
    /// No connection, or one that broke; with the system's words.
    case connection(String)
    /// Nothing has come for so many seconds, though the connection stands.
    case silent(Double)
    /// The answer was not complete after so many seconds, though it kept coming.
    case tooSlow(Double)
    /// Bytes of the limit that the answer, its head or one event of it went over.
    case tooLarge(Int)
    /// The stream ended before the answer did.
    case cutShort
    /// What came is not of the dialect; with what was wrong.
    case malformed(String)
    case cancelled
    /// Wrong settings; nothing was sent.
    case configuration(String)

    package struct Refusal: Error, Sendable, Equatable {
        package var status: Int
        /// The provider's own name for it, such as `overloaded_error`.
        package var kind: String
        /// The provider's words, shortened.
        package var message: String
        /// Seconds the provider wants to be left alone.
        package var retryAfter: Double?
        /// The provider said whether trying again makes sense.
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
            "the provider refused with status \(refusal.status) (\(refusal.words))\(Self.hint(refusal.status))"
        case .limit(let refusal):
            "the provider's limit is used up: status \(refusal.status) (\(refusal.words))"
                + (refusal.retryAfter.map { "; it wants to be left alone for \(Self.seconds($0))" } ?? "")
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

    private static func hint(_ status: Int) -> String {
        switch status {
        case 401, 403: "; is the key the right one for this base URL?"
        case 404: "; check the base URL and the name of the model"
        default: ""
        }
    }

    private static func seconds(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
    }
}
