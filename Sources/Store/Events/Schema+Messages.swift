extension Schema {
    /// `message_text` is SQLite's full-text index (FTS5). It stores a second copy of the texts: an index over another
    /// table's rows needs triggers, and the number of messages of a run is capped.
    static let messages = """
        CREATE TABLE messages (
            run TEXT NOT NULL REFERENCES runs (run),
            message INTEGER NOT NULL,
            kind TEXT NOT NULL,
            sender TEXT NOT NULL,
            sender_task TEXT,
            audience TEXT NOT NULL,
            audience_task TEXT,
            body TEXT NOT NULL,
            files TEXT NOT NULL,
            thread INTEGER NOT NULL,
            time REAL NOT NULL,
            attempt INTEGER,
            wait REAL,
            PRIMARY KEY (run, message)
        ) WITHOUT ROWID;
        CREATE INDEX messages_thread ON messages (run, thread, message);
        CREATE INDEX messages_sender ON messages (run, sender_task, message) WHERE sender_task IS NOT NULL;
        CREATE INDEX messages_questions ON messages (run, message) WHERE kind = 'question';

        CREATE VIRTUAL TABLE message_text USING fts5 (body, files, run UNINDEXED, message UNINDEXED);

        CREATE TABLE deliveries (
            run TEXT NOT NULL,
            message INTEGER NOT NULL,
            task TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            way TEXT NOT NULL,
            time REAL NOT NULL,
            PRIMARY KEY (run, message, task, attempt),
            FOREIGN KEY (run, message) REFERENCES messages (run, message)
        ) WITHOUT ROWID;
        """
}
