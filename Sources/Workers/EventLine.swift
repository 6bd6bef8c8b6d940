import Foundation
package import Model

/// One event as stored in the job folder, for people and other programs.
package struct EventLine: Encodable, Sendable {
    /// Seconds since 1970.
    var time: Double
    var event: String
    var text: String?
    var name: String?
    var input: String?
    var isError: Bool?
    var seconds: Double?
    var status: Int?
    var result: String?
    var inputTokens: Int?
    var cachedTokens: Int?
    var outputTokens: Int?
    var usd: Double?

    package init(_ event: WorkerEvent, at time: Timestamp) {
        self.time = time.seconds
        switch event {
        case .text(let text): (self.event, self.text) = ("text", text.shortened(to: 500))
        case .toolUse(let name, let input): (self.event, self.name, self.input) = ("tool_use", name, input)
        case .toolResult(let isError): (self.event, self.isError) = ("tool_result", isError)
        case .denied(let tool): (self.event, name) = ("denied", tool)
        case .request: self.event = "request"
        case .turn: self.event = "turn"
        case .usage(let usage):
            self.event = "usage"
            (inputTokens, cachedTokens, outputTokens) = (usage.inputTokens, usage.cachedTokens, usage.outputTokens)
            usd = usage.usd
        case .retry(let seconds, let status): (self.event, self.seconds, self.status) = ("retry", seconds, status)
        case .session(let name): (self.event, self.name) = ("session", name)
        case .finished(let end): (self.event, result, text) = ("finished", "\(end.kind.word)", end.message)
        }
    }

    /// The line with its newline.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return [] }
        return Array(data) + [UInt8(ascii: "\n")]
    }
}

extension WorkerResult.Kind {
    /// The word that `orchestrate agent` writes.
    package var word: String {
        switch self {
        case .success: "success"
        case .error: "error"
        case .refused: "refused"
        case .gaveUp: "gave-up"
        case .stuck: "stuck"
        case .turnLimit: "turn-limit"
        case .budgetLimit: "budget-limit"
        case .providerLimit: "provider-limit"
        case .unreachable: "unreachable"
        }
    }
}
