import Foundation

/// Counts how much of a prompt a provider has cached: the longest prefix that an earlier request has.
///
/// OpenAI caches by itself, at any length here. Anthropic caches only up to the blocks that a request marks.
actor PromptCache {
    /// A prompt as a provider reads it: tools, system, messages.
    struct Prompt: Sendable {
        var bytes: [UInt8] = []
        /// Lengths at which a cached prefix may end; nil for any length.
        var marks: [Int]?

        /// - Parameter body: of a request.
        init(_ body: JSON, wire: ModelRequest.Wire) {
            add(body["tools"])
            if wire == .messages { marks = [] }
            for block in Self.blocks(body["system"] ?? body["instructions"]) { add(block) }
            for message in body["messages"]?.elements ?? body["input"]?.elements ?? [] {
                bytes += Array((message["role"]?.text ?? "").utf8)
                for block in Self.blocks(message["content"]) { add(block) }
                if message["content"] == nil { add(message) }
            }
        }

        private static func blocks(_ content: JSON?) -> [JSON] {
            if case .array(let blocks)? = content { return blocks }
            return content.map { [$0] } ?? []
        }

        private mutating func add(_ part: JSON?) {
            guard let part else { return }
            guard case .object(var members) = part else {
                bytes += Array((part.text ?? part.line).utf8)
                return
            }
            let isMarked = members.removeValue(forKey: "cache_control") != nil
            bytes += Array((part["text"]?.text ?? JSON.object(members).line).utf8)
            if isMarked { marks?.append(bytes.count) }
        }

        /// A token is about four bytes of English.
        var tokens: Int { bytes.count / 4 }
    }

    private var answered: [[UInt8]] = []

    /// Returns the cached tokens of a prompt.
    func cached(_ prompt: Prompt) -> Int {
        let shared = answered.map { Self.common($0, prompt.bytes) }.max() ?? 0
        guard let marks = prompt.marks else { return shared / 4 }
        return (marks.last { $0 <= shared } ?? 0) / 4
    }

    func add(_ prompt: Prompt) { answered.append(prompt.bytes) }

    private static func common(_ a: [UInt8], _ b: [UInt8]) -> Int { zip(a, b).prefix { $0 == $1 }.count }
}
