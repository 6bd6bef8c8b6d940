import GRDB
import Model

extension Projector.Scope {
    func apply(_ fact: Fact.Posted) throws {
        let message = fact.message
        let sender = StoredParty(message.sender)
        let audience = StoredParty(message.audience)
        try db.run(
            """
            INSERT INTO messages (run, message, kind, sender, sender_task, audience, audience_task, body, files,
            thread, time, attempt, wait) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            run, message.id, message.kind.rawValue, sender.word, sender.task, audience.word, audience.task,
            message.body, try StoredJSON.text(message.files), message.thread, message.time.seconds,
            fact.origin?.attempt, fact.wait)
        try db.run(
            "INSERT INTO message_text (body, files, run, message) VALUES (?, ?, ?, ?)",
            message.body, message.files.joined(separator: " "), run, message.id)
    }

    /// A message that was delivered twice to one attempt, in its prompt and its inbox, counts once.
    func apply(_ fact: Fact.MessagesGiven) throws {
        for message in fact.messages {
            try db.run(
                "INSERT OR IGNORE INTO deliveries (run, message, task, attempt, way, time) VALUES (?, ?, ?, ?, ?, ?)",
                run, message, fact.task.rawValue, fact.attempt, fact.way.rawValue, now)
        }
    }
}

/// A message's sender or audience as two columns: a word and an optional task.
struct StoredParty: Equatable {
    var word: String
    var task: String?

    init(_ sender: Message.Sender) {
        switch sender {
        case .task(let id): (word, task) = ("task", id.rawValue)
        case .coordinator: word = "coordinator"
        case .human: word = "human"
        }
    }

    init(_ audience: Message.Audience) {
        switch audience {
        case .everyone: word = "everyone"
        case .dependents: word = "dependents"
        case .dependentsOf(let id): (word, task) = ("dependents-of", id.rawValue)
        case .task(let id): (word, task) = ("task", id.rawValue)
        case .human: word = "human"
        }
    }

    init(word: String, task: String?) {
        self.word = word
        self.task = task
    }

    var sender: Message.Sender? {
        switch (word, task) {
        case ("task", let task?): .task(TaskID(task))
        case ("coordinator", _): .coordinator
        case ("human", _): .human
        default: nil
        }
    }

    var audience: Message.Audience? {
        switch (word, task) {
        case ("everyone", _): .everyone
        case ("dependents", _): .dependents
        case ("dependents-of", let task?): .dependentsOf(TaskID(task))
        case ("task", let task?): .task(TaskID(task))
        case ("human", _): .human
        default: nil
        }
    }
}
