import Model
import ModelAPI

/// What the agent is there for.
package enum AgentRole: String, Sendable {
    /// It changes files.
    case worker
    /// It judges, changes nothing, and ends with a verdict.
    case reviewer

    /// The call by which the model ends the work.
    var ending: ToolDefinition {
        switch self {
        case .worker: DoneCall.definition
        case .reviewer: VerdictCall.definition
        }
    }

    /// nil where the call says nothing that can be understood.
    func report(_ call: ToolCall) -> AgentReport? {
        switch self {
        case .worker: DoneCall(call)?.report
        case .reviewer: VerdictCall(call)?.report
        }
    }

    /// What a model is told that calls no tool.
    var noCall: String {
        "Nobody reads what you say beside your calls. Go on with a tool; call '\(ending.name)' when the work is finished"
            + (self == .worker ? ", or cannot be." : ".")
    }
}

/// The call by which a reviewer's model ends: `outcome.json` as docs/plan.md has it.
struct VerdictCall {
    let report: AgentReport

    static let definition = ToolDefinition(
        "verdict", "End the review. This is the whole of your answer; no file has to be written.",
        [
            ("verdict", "string", "approve or reject."), ("summary", "string", "One line."),
            ("reasons?", "array", "What is wrong, each as 'PATH:LINE: what, and what it should be'."),
        ])

    /// nil where the call holds no verdict.
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

    /// A reason as an object, which some models write at once.
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
