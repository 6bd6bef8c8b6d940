import Model

/// Parts of messages, each cut to one line.
enum MessageText {
    /// The first line of a body, with `…` where more follows.
    /// - Parameter limit: characters that are kept.
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
}
