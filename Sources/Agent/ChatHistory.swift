import Foundation
import Model
package import ModelAPI

/// A conversation that is kept below a number of tokens.
///
/// First, large tool results are replaced by a line that says where to read them, the oldest first. If that is not
/// enough, the conversation is summarised. Both free much more than needed, since each change loses the provider's
/// cache
/// of the rest.
package struct ChatHistory: Sendable {
    package private(set) var messages: [ChatMessage]
    private var limit: Int
    /// Tokens that every request has in addition. The provider's count includes them.
    private var overhead = 0
    /// Tokens of the first messages, as counted by the provider.
    private var counted: (messages: Int, tokens: Int) = (0, 0)

    /// Minimum bytes of a result to drop.
    static let bulk = 1000
    /// Number of last messages that stay unchanged.
    static let kept = 6
    /// Share of the limit to shrink to.
    static let target = 0.5
    /// Estimated bytes per token, a low value that suits code.
    static let bytesPerToken = 3

    /// - Parameters:
    ///   - prompt: the first message, which always stays.
    ///   - limit: tokens.
    package init(prompt: String, limit: Int) {
        messages = [ChatMessage(.user, Self.parts(of: prompt).map { .text($0) })]
        self.limit = limit
    }

    /// Divides a prompt before its task. What comes before is the same for all tasks of a run, so it is a part of its own,
    /// which a provider can cache.
    private static func parts(of prompt: String) -> [String] {
        let titles = ["\n\n# Task: ", "\n\n# Review: ", "\n\n# Done or not: "]
        let starts = titles.compactMap { prompt.firstRange(of: $0) }
        guard let task = starts.min(by: { $0.lowerBound < $1.lowerBound }) else { return [prompt] }
        let start = prompt.index(task.lowerBound, offsetBy: 2)
        return [String(prompt[..<task.lowerBound]) + "\n", String(prompt[start...])]
    }

    /// Lowers the limit, and shortens the conversation to it without asking the model, because the model refuses it.
    ///
    /// Drops results, then all steps but the last one, then that as well. The prompt stays.
    ///
    /// - Parameter store: as for `dropResults`.
    /// - Returns: whether the conversation is shorter now.
    package mutating func shrink(to limit: Int, _ store: (_ call: String, _ text: String) -> String?) -> Bool {
        self.limit = limit
        counted = (0, 0)
        let before = tokens
        _ = dropResults(keeping: 0, store)
        for kept in [2, 0] where isOverLimit && messages.count > kept + 1 {
            messages = [messages[0]] + messages.suffix(kept)
            messages[0].parts.append(.text(Self.wasShortened))
        }
        // Room to go on; a limit below what cannot be dropped would have every turn summarised.
        self.limit = max(limit, tokens + tokens / 4)
        return tokens < before
    }

    private static let wasShortened =
        "You have worked on this already. Your earlier steps were dropped, because the conversation was larger than your "
        + "window. Look at the files again, in small pieces, and go on."

    /// Lowers the limit.
    /// - Parameter overhead: tokens that every request has in addition, such as the tools.
    package mutating func lower(to limit: Int, overhead: Int) {
        self.limit = min(limit, self.limit)
        self.overhead = overhead
    }

    package mutating func append(_ message: ChatMessage) { messages.append(message) }

    /// Sets the provider's count of all messages so far, including the system prompt and the tools.
    package mutating func count(_ tokens: Int) {
        // A server that does not count reports 0.
        if tokens > 0 { counted = (messages.count, tokens) }
    }

    package var tokens: Int {
        (counted.messages > 0 ? counted.tokens : overhead) + messages[counted.messages...].reduce(0) {
            $0 + Self.bytes($1)
        } / Self.bytesPerToken
    }

    /// Tokens of the first message, which always stays.
    var promptTokens: Int { Self.bytes(messages[0]) / Self.bytesPerToken }

    package var isOverLimit: Bool { tokens > limit }

    /// Drops large results if the limit is reached.
    ///
    /// - Parameter store: stores a text and returns the path where a tool can read it; nil if that failed.
    /// - Returns: the number of dropped results.
    package mutating func dropResults(
        keeping kept: Int = ChatHistory.kept, _ store: (_ call: String, _ text: String) -> String?
    ) -> Int {
        guard isOverLimit else { return 0 }
        var dropped = 0
        var freed = 0
        let wanted = (tokens - Int(Double(limit) * Self.target)) * Self.bytesPerToken
        for index in messages.indices.dropFirst().dropLast(kept) where freed < wanted {
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
        // The provider's count no longer applies.
        if dropped > 0 { counted = (0, 0) }
        return dropped
    }

    /// Replaces everything except the first message by a summary.
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
