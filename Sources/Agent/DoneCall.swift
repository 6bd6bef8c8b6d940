import Model
import ModelAPI

/// The final call of a worker's model.
struct DoneCall {
    let report: AgentReport

    static let definition = ToolDefinition(
        "done", "End the work: it is finished, or cannot be. What is in the checkout then is judged by the checks.",
        properties: [
            ("outcome?", "string", "finished (the default) or gave_up."),
            ("summary", "string", "One line: what was changed."),
            ("reason?", "string", "Why it was done this way, or why it cannot be, for the commit's message."),
        ])

    /// Returns nil if the call cannot be understood.
    init?(_ call: ToolCall) {
        guard let input = call.input else { return nil }
        let summary = input["summary"]?.string ?? input["reason"]?.string ?? ""
        report = AgentReport(
            input["outcome"]?.string == "gave_up" ? .gaveUp : .success, summary: summary,
            reason: input["reason"]?.string ?? "")
    }
}
