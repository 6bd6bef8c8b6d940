import GRDB
package import Model

/// A stored message.
package struct MessageRecord: Sendable, Equatable {
    package var message: Message
    /// The attempt that sent it; nil if no task did.
    package var attempt: Int?
    /// Seconds that the sender waits for an answer; nil if it does not wait.
    package var wait: Double?
    /// Whether it is a question with an answer.
    package var isAnswered: Bool
    /// The attempts that received it.
    package var deliveries: [Delivery]

    package struct Delivery: Sendable, Equatable {
        package var task: TaskID
        package var attempt: Int
        package var way: Fact.MessagesGiven.Way
        package var time: Timestamp
    }
}

extension StoreView {
    /// The messages of a run, in order.
    /// - Parameters:
    ///   - kind: only messages of this kind; nil for all.
    ///   - task: only messages of this task; nil for all.
    package func messages(
        of run: RunID, kind: Message.Kind? = nil, from task: TaskID? = nil
    ) throws(StoreError) -> [MessageRecord] {
        var conditions = ["run = ?1"]
        if let kind { conditions.append("kind = '\(kind.rawValue)'") }
        if task != nil { conditions.append("sender_task = ?2") }
        let arguments: StatementArguments = task.map { [run.rawValue, $0.rawValue] } ?? [run.rawValue]
        return try messages(of: run, where: conditions.joined(separator: " AND "), arguments)
    }

    /// One message, or nil if the run has none of that number.
    package func message(_ id: Int, of run: RunID) throws(StoreError) -> MessageRecord? {
        try messages(of: run, where: "run = ?1 AND message = ?2", [run.rawValue, id]).first
    }

    /// All messages of one thread, in order.
    package func thread(_ id: Int, of run: RunID) throws(StoreError) -> [MessageRecord] {
        try messages(of: run, where: "run = ?1 AND thread = ?2", [run.rawValue, id])
    }

    /// The questions that have no answer yet, in order.
    package func openQuestions(of run: RunID) throws(StoreError) -> [MessageRecord] {
        try messages(of: run, where: "run = ?1 AND kind = 'question' AND NOT \(Self.answered)", [run.rawValue])
    }

    /// The messages whose text or files contain every word, the best match first.
    /// - Parameter words: words as a person types them; no character is special.
    package func messages(
        of run: RunID, matching words: String, limit: Int
    ) throws(StoreError) -> [MessageRecord] {
        let terms = words.split(whereSeparator: \.isWhitespace).prefix(32).map { word in
            "\"\(word.replacing("\"", with: "\"\"").replacing("\0", with: ""))\"*"
        }
        guard !terms.isEmpty else { return [] }
        let found = try fetch(
            "message_text",
            sql: "SELECT message FROM message_text WHERE message_text MATCH ? AND run = ? ORDER BY rank LIMIT ?",
            arguments: [terms.joined(separator: " "), run.rawValue, limit]
        ) { row in row.integer("message") }
        var records: [MessageRecord] = []
        for id in found {
            if let record = try message(id, of: run) { records.append(record) }
        }
        return records
    }

    private static let answered = """
        EXISTS (SELECT 1 FROM messages a WHERE a.run = messages.run AND a.thread = messages.thread
        AND a.kind = 'answer')
        """

    private func messages(
        of run: RunID, where condition: String, _ arguments: StatementArguments
    ) throws(StoreError) -> [MessageRecord] {
        var records = try fetch(
            "messages",
            sql:
                "SELECT *, kind = 'question' AND \(Self.answered) AS answered FROM messages WHERE \(condition) ORDER BY message",
            arguments: arguments, record)
        for index in records.indices {
            records[index].deliveries = try fetch(
                "deliveries",
                sql: "SELECT * FROM deliveries WHERE run = ? AND message = ? ORDER BY time, task, attempt",
                arguments: [run.rawValue, records[index].message.id]
            ) { row in
                MessageRecord.Delivery(
                    task: TaskID(row.text("task")), attempt: row.integer("attempt"),
                    way: try row.word(Fact.MessagesGiven.Way.self, "way"), time: row.time("time"))
            }
        }
        return records
    }

    private func record(_ row: StoredRow) throws -> MessageRecord {
        let sender = StoredParty(word: row.text("sender"), task: row.optionalText("sender_task"))
        let audience = StoredParty(word: row.text("audience"), task: row.optionalText("audience_task"))
        guard let from = sender.sender, let to = audience.audience else {
            throw StoreError.unreadable(
                path: path, place: "messages.sender", detail: "'\(sender.word)' or '\(audience.word)' is unknown")
        }
        return MessageRecord(
            message: Message(
                id: row.integer("message"), kind: try row.word(Message.Kind.self, "kind"), sender: from, audience: to,
                body: row.text("body"), files: try row.json([String].self, "files"), thread: row.integer("thread"),
                time: row.time("time")),
            attempt: row.optionalInteger("attempt"), wait: row.optionalReal("wait"),
            isAnswered: row.integer("answered") != 0, deliveries: [])
    }
}
