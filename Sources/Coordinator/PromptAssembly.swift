import Model

/// Writes the prompt of one attempt from what is known when it starts.
struct PromptAssembly {
    var plan: Plan
    var stage: Stage
    var task: MigrationTask
    /// What the guards will object to, in words.
    var rules: [String]
    var attempt: Int
    /// Why earlier attempts were not accepted, the last one last.
    var failures: [Failure]

    /// Bytes of an earlier failure's output that a prompt repeats.
    private static let failureLimit = 6000

    var text: String {
        var parts = ["# Task: \(task.title)", "## Goal\n\n\(plan.goal)", files]
        if !task.instructions.isEmpty { parts.append("## This task\n\n\(task.instructions)") }
        if !failures.isEmpty { parts.append(earlierFailure) }
        if !rules.isEmpty { parts.append("## Rules\n\n" + rules.map { "- \($0)" }.joined(separator: "\n")) }
        parts.append(definitionOfDone)
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var files: String {
        let count = task.files.count == 1 ? "1 file" : "\(task.files.count) files"
        return "## Files (\(count), \(task.figures.lines) lines)\n\n" + Self.fenced(task.files.joined(separator: "\n"))
    }

    private var earlierFailure: String {
        guard let last = failures.last else { return "" }
        var text = "## Attempt \(attempt): what was wrong before\n\n\(last.summary)"
        if !last.places.isEmpty { text += "\n\n" + last.places.prefix(20).map { "- \($0)" }.joined(separator: "\n") }
        if !last.detail.isEmpty { text += "\n\n" + Self.fenced(String(last.detail.prefix(Self.failureLimit))) }
        return text
    }

    private var definitionOfDone: String {
        var lines: [String] = []
        for check in stage.verify.done { lines.append("- for each file, `\(check.run)` exits 0") }
        for check in stage.verify.task { lines.append("- `\(check.run)` exits 0") }
        if !stage.verify.landing.isEmpty { lines.append("- the project still builds and its tests pass") }
        if lines.isEmpty { lines.append("- every file of the task is migrated") }
        return "## Done means\n\n" + lines.joined(separator: "\n")
            + "\n\nChange the files in place. Do not commit: what you leave in the working tree is what is judged."
    }

    /// Text from outside, marked as data by a fence that it does not hold.
    private static func fenced(_ text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text)\n\(fence)"
    }
}
