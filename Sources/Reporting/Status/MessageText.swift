import Model

/// Messages as one line of a report: what a task wrote is shown, and never more of it than a line.
enum MessageText {
    /// The first line of a body, and a sign that there is more.
    static func line(_ body: String, limit: Int = 200) -> String {
        let first = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let cut = first.prefix(limit)
        return TextWidth.safe(String(cut)) + (cut.utf8.count < body.utf8.count ? " …" : "")
    }

    static func numbers(_ ids: [Int]) -> String {
        let shown = ids.prefix(8).map { "\($0)" }.joined(separator: ", ")
        return "(\(shown)\(ids.count > 8 ? ", …" : ""))"
    }

    static func names(_ tasks: [MigrationTask]) -> String {
        let shown = tasks.prefix(4).map(\.id.rawValue).joined(separator: ", ")
        return tasks.count > 4 ? "\(shown) and \(tasks.count - 4) more" : shown
    }

    static func party(_ sender: Message.Sender) -> String {
        switch sender {
        case .task(let id): id.rawValue
        case .coordinator: "coordinator"
        case .human: "you"
        }
    }

    static func party(_ audience: Message.Audience) -> String {
        switch audience {
        case .everyone: "everyone"
        case .dependents: "dependents"
        case .dependentsOf(let id): "dependents of \(id)"
        case .task(let id): id.rawValue
        case .human: "you"
        }
    }

    /// The line of progress for a message that a person should see while the run goes on; nil for the rest.
    static func progress(_ posted: Fact.Posted) -> (String, String)? {
        let message = posted.message
        guard message.audience == .human || message.kind == .decision else { return nil }
        let answer = message.kind == .question ? "; orchestrate answer \(message.id) TEXT" : ""
        let word = message.kind == .question ? "question" : "message"
        return (word, "\(message.id) from \(party(message.sender))  \(line(message.body))\(answer)")
    }
}
