import Model

/// The messages of a run, by number and by recipient.
struct StoredMail: Sendable {
    private var messages: [Int: Message] = [:]
    private var toEveryone: [Int] = []
    /// The messages of people among `toEveryone`.
    private var fromPeople: [Int] = []
    private var toTask: [TaskID: [Int]] = [:]
    private var toDependents: [TaskID: [Int]] = [:]
    /// The coordinator's messages, to find repetitions.
    private var said: Set<Saying> = []

    private struct Saying: Hashable {
        var body: String
        var audience: Message.Audience
    }

    var count: Int { messages.count }

    subscript(_ number: Int) -> Message? { messages[number] }

    mutating func add(_ message: Message) {
        guard messages.updateValue(message, forKey: message.id) == nil else { return }
        if message.kind == .answer, let asker = messages[message.thread]?.sendingTask {
            toTask[asker, default: []].append(message.id)
        }
        if message.sender == .coordinator { said.insert(Saying(body: message.body, audience: message.audience)) }
        switch message.audience {
        case .everyone:
            toEveryone.append(message.id)
            if message.sender == .human { fromPeople.append(message.id) }
        case .task(let task): toTask[task, default: []].append(message.id)
        case .dependentsOf(let task): toDependents[task, default: []].append(message.id)
        case .dependents: if let sender = message.sendingTask { toDependents[sender, default: []].append(message.id) }
        case .human: break
        }
    }

    /// The last answer to a question; nil while there is none.
    func answer(to question: Int) -> Message? {
        messages.values.filter { $0.kind == .answer && $0.thread == question }.max { $0.id < $1.id }
    }

    func coordinatorHasSaid(_ body: String, to audience: Message.Audience) -> Bool {
        said.contains(Saying(body: body, audience: audience))
    }

    /// Returns the messages to a task, latest first.
    ///
    /// - Parameters:
    ///   - fromPeers: whether to include messages of tasks to everyone. Those of people are always included.
    ///   - needs: tasks whose messages to their dependents are included.
    ///   - limit: maximum number of messages to return.
    func messages(to task: TaskID, fromPeers: Bool, orDependentsOf needs: Set<TaskID>, limit: Int) -> [Message] {
        var numbers = toTask[task, default: []] + (fromPeers ? toEveryone : fromPeople).suffix(limit)
        // Iterates over the smaller set: a task may need thousands of tasks, few of which send messages.
        if needs.count < toDependents.count {
            for need in needs { numbers += toDependents[need, default: []] }
        } else {
            for (sender, sent) in toDependents where needs.contains(sender) { numbers += sent }
        }
        return Set(numbers).sorted(by: >).prefix(limit).compactMap { messages[$0] }
    }
}
