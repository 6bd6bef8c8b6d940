package import Model

enum NotifyKeys {
    static let run = Key.optional(
        "run", .text("a command"), otherwise: "none",
        meaning: "Shell command, run outside the sandbox. It gets the notification as JSON on standard input.")
    static let webhook = Key.optional(
        "webhook", .text("a URL", check: problem), otherwise: "none",
        meaning: "URL that gets the notification as JSON by POST.")
    static let events = Key.optional(
        "on", .list("a list of events", of: Kind<NotifyRules.Event>.choice(), mayBeEmpty: false), otherwise: "all",
        meaning: "Events to tell about.")

    static let kind = Kind<NotifyRules>.mapping(keys: [run, webhook, events]) { fields throws(Fields.Incomplete) in
        NotifyRules(
            run: fields.written(run), webhook: fields.written(webhook),
            events: fields.written(events) ?? NotifyRules.Event.allCases)
    }

    @Sendable private static func problem(_ text: String) -> TextProblem? {
        guard text.hasPrefix("http://") || text.hasPrefix("https://"),
            text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { return TextProblem(message: "expected a URL that starts with http:// or https://") }
        return nil
    }
}

/// Reads `notify.yaml` of the user's configuration, which has the keys of a plan's `notify`.
package enum NotifyFile {
    /// The file inside the folder of the user's configuration.
    package static let name = "notify.yaml"

    package static func load(_ path: String) -> Result<NotifyRules, PlanProblems> {
        switch SourceFile.read(path, shown: path) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text):
            let (rules, findings) = SourceDocument.decode(
                text, file: path, as: NotifyKeys.kind, unsupported: Unsupported(keys: [:], values: [:]))
            guard let rules, !findings.diagnostics.contains(where: { $0.severity == .error }) else {
                return .failure(PlanProblems(findings.diagnostics))
            }
            return .success(rules)
        }
    }
}
