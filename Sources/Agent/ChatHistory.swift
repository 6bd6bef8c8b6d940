import Foundation
import Model
package import ModelAPI

/// A conversation that is kept under a number of tokens.
///
/// First bulky results of tools, the oldest first, give way to a line that says where to read them again; where that is
/// not enough the whole is summarised. Both happen in one go and far below the limit, since each time the provider's
/// cache of all that follows is lost.
package struct ChatHistory: Sendable {
    package private(set) var messages: [ChatMessage]
    private let limit: Int
    /// Tokens of the first messages as the provider has counted them.
    private var counted: (messages: Int, tokens: Int) = (0, 0)

    /// Bytes of a result that is worth dropping.
    static let bulk = 1000
    /// Messages at the end that stay as they are.
    static let kept = 6
    /// How far to go down once the limit is reached.
    static let target = 0.5
    /// Bytes of one token, low enough for code.
    static let bytesPerToken = 3

    /// - Parameters:
    ///   - prompt: the first message; it always stays.
    ///   - limit: tokens.
    package init(prompt: String, limit: Int) {
        messages = [ChatMessage(.user, [.text(prompt)])]
        self.limit = limit
    }

    package mutating func append(_ message: ChatMessage) { messages.append(message) }

    /// The provider has counted all messages so far, with the system prompt and the tools.
    package mutating func count(_ tokens: Int) {
        // A server that does not count says 0.
        if tokens > 0 { counted = (messages.count, tokens) }
    }

    package var tokens: Int {
        counted.tokens + messages[counted.messages...].reduce(0) { $0 + Self.bytes($1) } / Self.bytesPerToken
    }

    package var isOverLimit: Bool { tokens > limit }

    /// Drops bulky results where the limit is reached.
    ///
    /// - Parameter store: keeps a text and names the place where a tool can read it; nil if it could not.
    /// - Returns: how many results were dropped.
    package mutating func dropResults(_ store: (_ call: String, _ text: String) -> String?) -> Int {
        guard isOverLimit else { return 0 }
        var dropped = 0
        var freed = 0
        let wanted = (tokens - Int(Double(limit) * Self.target)) * Self.bytesPerToken
        for index in messages.indices.dropFirst().dropLast(Self.kept) where freed < wanted {
            for part in messages[index].parts.indices {
                guard case .toolResult(var result) = messages[index].parts[part], result.text.utf8.count > Self.bulk,
                    let place = store(result.id, result.text)
                else { continue }
                freed += result.text.utf8.count
                dropped += 1
                let head = result.text.prefix(200)
                result.text = "\(head)\n[dropped to save room; all of it: read path \(place)]"
                messages[index].parts[part] = .toolResult(result)
            }
        }
        // What was counted is no longer there.
        if dropped > 0 { counted = (0, 0) }
        return dropped
    }

    /// Puts a summary in the place of everything but the first message.
    package mutating func summarise(as summary: String) {
        let first = messages[0]
        messages = [
            ChatMessage(
                .user,
                first.parts + [
                    .text(
                        "You have worked on this already. What you noted down of it:\n\n\(summary)\n\nGo on from there."
                    )
                ])
        ]
        counted = (0, 0)
    }

    private static func bytes(_ message: ChatMessage) -> Int {
        message.parts.reduce(0) { sum, part in
            switch part {
            case .text(let text): sum + text.utf8.count
            case .toolCall(let call): sum + call.name.utf8.count + call.arguments.utf8.count
            case .toolResult(let result): sum + result.text.utf8.count
            case .opaque(let value): sum + value.bytes.count
            }
        }
    }
}
