import Model

/// The next message of a resumed conversation, after a failed attempt.
struct ResumePrompt {
    var task: MigrationTask
    var failure: Failure
    /// The guards' rules as text.
    var rules: [String]
    /// A person's note on the task.
    var note: String?

    /// Maximum characters of the failure's output, as in the prompt of a new conversation.
    private static let failureLimit = 6000

    var text: String {
        var parts = ["Your work was not accepted: \(failure.summary)"]
        if !failure.places.isEmpty { parts.append(failure.places.prefix(20).map { "- \($0)" }.joined(separator: "\n")) }
        if !failure.detail.isEmpty { parts.append(Self.fenced(String(failure.detail.prefix(Self.failureLimit)))) }
        if let note { parts.append("Note from the person who runs this:\n\n\(note)") }
        parts.append(
            """
            The checkout has been reset: your changes are gone, other tasks may have landed, and its path may have \
            changed. Read the files again and repeat the whole task without this mistake.
            """)
        parts.append("Files of the task:\n\n" + Self.fenced(task.files.joined(separator: "\n")))
        if !rules.isEmpty { parts.append("Rules:\n\n" + rules.map { "- \($0)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Returns text from outside in a fence that the text does not contain, which marks it as data.
    private static func fenced(_ text: String) -> String {
        let text = OutsideText.lines(text)
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text)\n\(fence)"
    }
}
