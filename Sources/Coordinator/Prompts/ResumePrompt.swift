import Model

/// The next message of a conversation whose last attempt was not accepted.
struct ResumePrompt {
    var task: MigrationTask
    var failure: Failure
    /// What the guards will object to, in words.
    var rules: [String]
    /// What a person has said about the task.
    var note: String?

    /// Bytes of the failure's output that are repeated, as in the prompt of a new conversation.
    private static let failureLimit = 6000

    var text: String {
        var parts = ["Your work was not accepted: \(failure.summary)"]
        if !failure.places.isEmpty { parts.append(failure.places.prefix(20).map { "- \($0)" }.joined(separator: "\n")) }
        if !failure.detail.isEmpty { parts.append(Self.fenced(String(failure.detail.prefix(Self.failureLimit)))) }
        if let note { parts.append("What the person who runs this says:\n\n\(note)") }
        parts.append(
            """
            The checkout has been put back: none of your changes are there any more, other tasks may have landed, and it \
            may lie at another path than before. Read the files again and do the whole task once more, without that mistake.
            """)
        parts.append("Files of the task:\n\n" + Self.fenced(task.files.joined(separator: "\n")))
        if !rules.isEmpty { parts.append("Rules:\n\n" + rules.map { "- \($0)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Text from outside, marked as data by a fence that it does not hold.
    private static func fenced(_ text: String) -> String {
        let text = OutsideText.lines(text)
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text)\n\(fence)"
    }
}
