import Model
import Prompts
import Synchronization

extension MessageRouter {
    /// Maximum number of messages that one prompt or search considers, latest first.
    private static let mostLooked = 2000
    /// Maximum number of messages that a search returns.
    private static let mostFound = 20

    /// Returns the messages for a task, most relevant first.
    func rankedMessages(for task: MigrationTask) -> [RankedMessage] {
        let (mail, questions) = state.withLock { ($0.mail, $0.questions) }
        guard mail.count > 0 else { return [] }
        let distances = register.distances(from: task.id)
        let files = Set(task.files)
        let directories = Set(task.files.map(Self.directory))
        let failures = register.failures(of: task.id)
        let ranked = messages(for: task.id, in: mail, limit: Self.mostLooked).compactMap { message -> RankedMessage? in
            let sender = message.sendingTask
            guard sender != task.id else { return nil }
            let isAnswer = message.kind == .answer && questions[message.thread]?.sendingTask == task.id
            let about = message.files + (sender.flatMap { register[$0]?.files } ?? [])
            return RankedMessage(
                message: message, distance: Self.distance(of: message, distances),
                isDirect: isAnswer || message.audience == .task(task.id),
                sharesFile: message.files.contains(where: files.contains),
                sharesDirectory: about.contains { directories.contains(Self.directory($0)) },
                sharesFailure: sender.map { !register.failures(of: $0).isDisjoint(with: failures) } ?? false,
                age: mail.count - message.id)
        }
        return RankedMessage.ranked(ranked)
    }

    private static func distance(of message: Message, _ distances: [TaskID: Int]) -> Int? {
        if case .dependentsOf(let id) = message.audience { return distances[id] }
        return message.sendingTask.flatMap { distances[$0] }
    }

    private static func directory(_ path: String) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    }

    /// Returns the latest messages for a task that contain all words, as text.
    func found(_ words: String, for task: TaskID) -> String {
        let mail = state.withLock { $0.mail }
        let terms = words.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        let matches = messages(for: task, in: mail, limit: Self.mostLooked).lazy.filter { message in
            let text = (message.body + " " + message.files.joined(separator: " ")).lowercased()
            return terms.allSatisfy { text.contains($0) }
        }
        let lines = matches.prefix(Self.mostFound).map { message in
            "[\(message.id)] \(message.kind.rawValue) from \(message.sendingTask?.rawValue ?? "coordinator or human")\n"
                + DataFence.barred(message.body)
        }
        return lines.isEmpty ? "no message contains these words" : Array(lines).joined(separator: "\n")
    }
}
