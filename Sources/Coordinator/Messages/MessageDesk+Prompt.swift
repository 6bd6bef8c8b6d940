import Model
import Prompts
import Synchronization

extension MessageDesk {
    /// The messages that matter to a task, the best first.
    func messages(for task: MigrationTask) -> [RankedMessage] {
        state.withLock { state in
            guard !state.messages.isEmpty else { return [] }
            let distances = state.neighbourhood.distances(from: task.id)
            let files = Set(task.files)
            let directories = Set(task.files.map(Self.directory))
            let failures = state.failures[task.id, default: []]
            var needs: Set<TaskID>?
            var ranked: [RankedMessage] = []
            for message in state.messages.reversed().prefix(Self.looked) {
                let sender = sender(of: message)
                let isAnswer = message.kind == .answer && asker(of: message.thread, state) == task.id
                guard sender != task.id, isAnswer || concerns(message, task.id, &needs, state) else { continue }
                let about = message.files + (sender.flatMap { state.tasks[$0]?.files } ?? [])
                ranked.append(
                    RankedMessage(
                        message: message, distance: distance(of: message, distances),
                        isDirect: isAnswer || message.audience == .task(task.id),
                        sharesFile: message.files.contains(where: files.contains),
                        sharesDirectory: about.contains { directories.contains(Self.directory($0)) },
                        sharesFailure: sender.map { !state.failures[$0, default: []].isDisjoint(with: failures) }
                            ?? false,
                        age: state.messages.count - message.id))
            }
            return RankedMessage.ranked(ranked)
        }
    }

    /// Messages that are looked at for one prompt, the latest first; older ones can be searched.
    private static let looked = 2000

    /// As `concerns`, with the set of what a task needs computed once for all messages.
    private func concerns(_ message: Message, _ task: TaskID, _ needs: inout Set<TaskID>?, _ state: State) -> Bool {
        let origin: TaskID? =
            switch message.audience {
            case .dependents: sender(of: message)
            case .dependentsOf(let id): id
            default: nil
            }
        guard let origin else { return concerns(message, task, state) }
        guard rules.share == .messages || rules.share == .everything else { return false }
        let all = needs ?? state.neighbourhood.needs(of: task)
        needs = all
        return all.contains(origin)
    }

    private func asker(of question: Int, _ state: State) -> TaskID? { state.questions[question].flatMap(sender) }

    private func distance(of message: Message, _ distances: [TaskID: Int]) -> Int? {
        if case .dependentsOf(let id) = message.audience { return distances[id] }
        return sender(of: message).flatMap { distances[$0] }
    }

    private static func directory(_ path: String) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    }

    /// What has landed of the tasks that a task needs directly, the latest first.
    func landed(before task: MigrationTask) -> [PromptMaterial.LandedNote] {
        state.withLock { state in
            let needed = Set(task.dependencies)
            return state.landingOrder.reversed().filter(needed.contains).prefix(Self.notes).compactMap { id in
                state.landed[id].map { .init(task: id, files: $0.paths, reason: $0.reason) }
            }
        }
    }

    private static let notes = 20

    /// Tasks whose transcripts are worth reading for this one, the best first.
    func teachers(of task: MigrationTask) -> [TaskID] {
        state.withLock { state in
            let distances = state.neighbourhood.distances(from: task.id)
            let recent = state.landingOrder.suffix(Self.notes)
            return recent.enumerated().sorted { a, b in
                let (x, y) = (distances[a.element] ?? .max, distances[b.element] ?? .max)
                return x != y ? x < y : a.offset > b.offset
            }.map(\.element)
        }
    }
}
