import Model
import ModelAPI

/// The role of the agent.
package enum AgentRole: String, Sendable {
    /// Changes files.
    case worker
    /// Judges without changing anything, and ends with a verdict.
    case reviewer

    /// The final call of a worker's model.
    var ending: ToolDefinition {
        switch self {
        case .worker: DoneCall.definition
        case .reviewer: VerdictCall.definition
        }
    }

    /// Returns the report of a final call; nil if the call cannot be understood.
    func report(_ call: ToolCall) -> AgentReport? {
        switch self {
        case .worker: DoneCall(call)?.report
        case .reviewer: VerdictCall(call)?.report
        }
    }

    /// The reply to an answer without a tool call.
    var noCall: String {
        "Nobody reads what you say beside your calls. Go on with a tool; call '\(ending.name)' when the work is finished"
            + (self == .worker ? ", or cannot be." : ".")
    }
}

/// The final call of a reviewer's model, with the members of `outcome.json` as in docs/plan.md.
struct VerdictCall {
    let report: AgentReport

    static let definition = ToolDefinition(
        "verdict", "End the review. This is the whole of your answer; no file has to be written.",
        properties: [
            ("verdict", "string", "approve or reject."), ("summary", "string", "One line."),
            ("reasons?", "array", "What is wrong, each as 'PATH:LINE: what, and what it should be'."),
        ])

    /// Returns nil if the call contains no verdict.
    init?(_ call: ToolCall) {
        guard let input = call.input, let verdict = input["verdict"]?.string, ["approve", "reject"].contains(verdict)
        else { return nil }
        var report = AgentReport(.success, summary: input["summary"]?.string ?? "")
        report.verdict = [
            "verdict": .string(verdict), "summary": .string(report.summary),
            "reasons": .array((input["reasons"]?.array ?? []).map(Self.reason)),
        ]
        self.report = report
    }

    /// Returns a reason as an object. Some models already write one.
    private static func reason(_ value: JSON) -> JSON {
        guard let text = value.string else { return value }
        let parts = text.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, let line = Int(parts[1]) else { return ["text": .string(text)] }
        return [
            "path": .string(String(parts[0])), "line": .integer(line),
            "text": .string(String(parts[2].drop { $0 == " " })),
        ]
    }
}
