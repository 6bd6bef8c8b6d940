import Foundation
import Model
import ModelAPI

/// Writes the agent's events, one JSON object per line. docs/agent.md describes them.
package struct EventLines: Sendable {
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Double

    /// Maximum characters of a text in an event.
    private static let longestText = 2000

    /// - Parameters:
    ///   - write: receives one line, without its newline.
    ///   - now: seconds since 1970.
    package init(
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.write = write
        self.now = now
    }

    func emit(_ event: String, _ members: [String: JSON] = [:]) {
        var members = members
        members["event"] = .string(event)
        members["time"] = .number((now() * 1000).rounded() / 1000)
        write(JSON.object(members).text)
    }

    func text(_ text: String) {
        if !text.isEmpty { emit("text", ["text": .string(String(text.prefix(Self.longestText)))]) }
    }

    func toolUse(_ call: ToolCall) {
        var input = call.input ?? .string(call.arguments)
        if let members = input.object {
            input = .object(
                members.mapValues { $0.string.map { .string(String($0.prefix(Self.longestText))) } ?? $0 })
        }
        emit("tool_use", ["id": .string(call.id), "name": .string(call.name), "input": input])
    }

    func toolResult(_ result: ToolResult, name: String, seconds: Double) {
        emit(
            "tool_result",
            [
                "id": .string(result.id), "name": .string(name), "is_error": .bool(result.isError),
                "bytes": .integer(result.text.utf8.count), "seconds": Self.rounded(seconds),
                "text": .string(String(result.text.prefix(Self.longestText))),
            ])
    }

    /// - Parameters:
    ///   - total: usage since the agent started.
    ///   - seconds: duration of the last answer.
    func usage(_ total: Usage, seconds: Double) {
        emit("usage", Self.members(total).merging(["seconds": Self.rounded(seconds)]) { $1 })
    }

    func retry(_ notice: RetryNotice) {
        var members: [String: JSON] = [
            "attempt": .integer(notice.attempt), "after": Self.rounded(notice.wait),
            "message": .string("\(notice.error)"),
        ]
        if case .provider(let refusal) = notice.error { members["status"] = .integer(refusal.status) }
        emit("retry", members)
    }

    func finished(_ report: AgentReport, total: Usage, turns: Int, seconds: Double) {
        var members = Self.members(total)
        members["result"] = .string(report.result.name)
        members["message"] = .string(String(report.summary.prefix(Self.longestText)))
        members["turns"] = .integer(turns)
        members["seconds"] = Self.rounded(seconds)
        if case .providerLimit(let after?) = report.result { members["retry_after"] = Self.rounded(after) }
        emit("finished", members)
    }

    private static func members(_ usage: Usage) -> [String: JSON] {
        var members: [String: JSON] = [
            "input_tokens": .integer(usage.inputTokens), "cached_tokens": .integer(usage.cachedTokens),
            "output_tokens": .integer(usage.outputTokens),
        ]
        if let usd = usage.usd { members["usd"] = .number((usd * 1e9).rounded() / 1e9) }
        return members
    }

    private static func rounded(_ seconds: Double) -> JSON { .number((seconds * 1000).rounded() / 1000) }
}
