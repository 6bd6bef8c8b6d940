extension Schema {
    /// `commit_id` is the commit that a person has read: a decision says nothing about a later one of the same task.
    static let reviewDecisions = """
        CREATE TABLE review_decisions (
            run TEXT NOT NULL REFERENCES runs (run),
            task TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            person TEXT NOT NULL,
            commit_id TEXT,
            time REAL NOT NULL,
            PRIMARY KEY (run, task, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE reverts (
            run TEXT NOT NULL REFERENCES runs (run),
            task TEXT NOT NULL,
            reverted TEXT NOT NULL,
            PRIMARY KEY (run, task, reverted)
        ) WITHOUT ROWID;
        """
}
