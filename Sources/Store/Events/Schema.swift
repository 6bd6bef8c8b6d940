import GRDB

/// The tables, as migration steps that never change once released.
///
/// The steps are plain SQL and name no type of `Model`, so that an old store can be brought up to date whatever the
/// program's types have become. Tables other than `events` are projections: a later step may drop and rebuild them.
enum Schema {
    /// Marks the file as a store of orchestrate: "orch" in ASCII, in SQLite's `application_id`.
    static let applicationID: Int32 = 0x6F72_6368

    /// A migration step: the name that the store records, and its SQL.
    struct Step: Sendable {
        let name: String
        let sql: String
    }

    static let steps = [
        Step(name: "1 event log", sql: "PRAGMA application_id = \(applicationID); \(eventLog)"),
        Step(name: "2 projections", sql: projections),
        Step(name: "3 usage, cooldowns and waits", sql: steering),
        Step(name: "4 messages", sql: messages),
        Step(name: "5 verdicts", sql: verdicts),
        // Changes the payloads of decisions and no table. A log of an earlier program is refused and not converted.
        Step(name: decisionPayloads, sql: ""),
        Step(name: "7 files that no landing check sees", sql: probedFiles),
        Step(name: "8 review decisions", sql: reviewDecisions),
        Step(name: "9 requests and worker time", sql: effort),
        Step(name: "10 parts of tasks", sql: parts),
    ]

    /// Tells which steps a store has. It applies none: each of its migrations would be a transaction of its own.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in steps { migrator.registerMigration(step.name) { db in try db.execute(sql: step.sql) } }
        return migrator
    }

    /// Applies the missing steps. The caller opens the transaction, so that two processes never apply the same step.
    static func migrate(_ db: Database, steps: [Step] = Schema.steps) throws {
        try db.execute(
            sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        let applied = try migrator.appliedIdentifiers(db)
        for step in steps where !applied.contains(step.name) {
            try db.execute(sql: step.sql)
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [step.name])
        }
    }

    /// The step that introduces decisions with named fields and the present task states.
    static let decisionPayloads = "6 decisions with named fields"

    /// Names of the tables that can be computed from the log, in an order in which they can be emptied.
    static let projectionTables = [
        "reverts", "review_decisions", "probed_files", "whole_checks", "flake_rates", "verdicts", "deliveries",
        "message_text", "messages", "cooldowns", "reasons",
        "checks", "candidate_tasks", "candidates",
        "attempts", "dependencies", "tasks", "runs",
    ]

    /// The writer assigns `sequence` without gaps: a transaction that is rolled back must not use up numbers.
    private static let eventLog = """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            run TEXT NOT NULL,
            time REAL NOT NULL,
            class TEXT NOT NULL CHECK (class IN ('fact', 'decision')),
            kind TEXT NOT NULL,
            task TEXT,
            candidate INTEGER,
            payload TEXT NOT NULL
        );
        CREATE INDEX events_run ON events (run, sequence);
        CREATE INDEX events_task ON events (run, task, sequence) WHERE task IS NOT NULL;
        CREATE INDEX events_candidate ON events (run, candidate, sequence) WHERE candidate IS NOT NULL;
        """

    private static let projections = """
        CREATE TABLE runs (
            run TEXT PRIMARY KEY,
            plan TEXT NOT NULL,
            number INTEGER NOT NULL,
            plan_json TEXT NOT NULL,
            base TEXT NOT NULL,
            tip TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            started REAL NOT NULL,
            ended REAL,
            owner INTEGER,
            UNIQUE (plan, number)
        ) WITHOUT ROWID;

        CREATE TABLE tasks (
            run TEXT NOT NULL REFERENCES runs (run),
            task TEXT NOT NULL,
            position INTEGER NOT NULL,
            title TEXT NOT NULL,
            files TEXT NOT NULL,
            lines INTEGER NOT NULL,
            fan_in INTEGER NOT NULL,
            fan_out INTEGER NOT NULL,
            cycle INTEGER NOT NULL,
            state TEXT NOT NULL,
            unmet INTEGER NOT NULL,
            chain INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT '',
            cause TEXT,
            commit_id TEXT,
            landing_order INTEGER,
            since REAL NOT NULL,
            started REAL,
            ended REAL,
            PRIMARY KEY (run, task)
        ) WITHOUT ROWID;
        CREATE INDEX tasks_state ON tasks (run, state);
        CREATE INDEX tasks_position ON tasks (run, position);
        CREATE INDEX tasks_landing ON tasks (run, landing_order) WHERE landing_order IS NOT NULL;

        CREATE TABLE dependencies (
            run TEXT NOT NULL,
            task TEXT NOT NULL,
            dependency TEXT NOT NULL,
            PRIMARY KEY (run, task, dependency),
            FOREIGN KEY (run, task) REFERENCES tasks (run, task)
        ) WITHOUT ROWID;
        CREATE INDEX dependencies_back ON dependencies (run, dependency);

        CREATE TABLE attempts (
            run TEXT NOT NULL,
            task TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            rung INTEGER NOT NULL,
            state TEXT NOT NULL,
            cause TEXT NOT NULL,
            worker TEXT,
            slot INTEGER,
            base TEXT,
            started REAL NOT NULL,
            ended REAL,
            seconds REAL,
            commit_id TEXT,
            tree TEXT,
            changes TEXT NOT NULL DEFAULT '[]',
            reason TEXT NOT NULL DEFAULT '',
            failure_kind TEXT,
            failure_summary TEXT,
            failure_detail TEXT,
            failure_places TEXT,
            PRIMARY KEY (run, task, attempt),
            FOREIGN KEY (run, task) REFERENCES tasks (run, task)
        ) WITHOUT ROWID;
        CREATE INDEX attempts_state ON attempts (run, state);

        CREATE TABLE candidates (
            run TEXT NOT NULL REFERENCES runs (run),
            candidate INTEGER NOT NULL,
            state TEXT NOT NULL,
            cause TEXT NOT NULL,
            tip TEXT,
            tree TEXT,
            started REAL NOT NULL,
            ended REAL,
            seconds REAL,
            culprit TEXT,
            failure_kind TEXT,
            failure_summary TEXT,
            failure_detail TEXT,
            failure_places TEXT,
            PRIMARY KEY (run, candidate)
        ) WITHOUT ROWID;

        CREATE TABLE candidate_tasks (
            run TEXT NOT NULL,
            candidate INTEGER NOT NULL,
            position INTEGER NOT NULL,
            task TEXT NOT NULL,
            commit_id TEXT,
            PRIMARY KEY (run, candidate, position),
            FOREIGN KEY (run, candidate) REFERENCES candidates (run, candidate),
            FOREIGN KEY (run, task) REFERENCES tasks (run, task)
        ) WITHOUT ROWID;
        CREATE INDEX candidate_tasks_task ON candidate_tasks (run, task);

        CREATE TABLE checks (
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            run TEXT NOT NULL REFERENCES runs (run),
            task TEXT,
            attempt INTEGER,
            candidate INTEGER,
            tree TEXT,
            name TEXT NOT NULL,
            command TEXT NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER NOT NULL,
            seconds REAL NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (sequence, position)
        ) WITHOUT ROWID;
        CREATE INDEX checks_task ON checks (run, task, attempt) WHERE task IS NOT NULL;
        CREATE INDEX checks_candidate ON checks (run, candidate) WHERE candidate IS NOT NULL;

        CREATE TABLE reasons (
            sequence INTEGER NOT NULL,
            task TEXT NOT NULL,
            run TEXT NOT NULL REFERENCES runs (run),
            time REAL NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (sequence, task)
        ) WITHOUT ROWID;
        CREATE INDEX reasons_task ON reasons (run, task, sequence);
        """

    /// `worker_started` is the start of the first worker or reviewer, `worker_ended` the end of the attempt.
    private static let effort = """
        ALTER TABLE attempts ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE attempts ADD COLUMN worker_started REAL;
        ALTER TABLE attempts ADD COLUMN worker_ended REAL;
        """

    /// `waits` says why nothing starts until a person continues the run; it is empty if the run is not paused.
    private static let steering = """
        ALTER TABLE runs ADD COLUMN waits TEXT NOT NULL DEFAULT '';
        ALTER TABLE attempts ADD COLUMN input_tokens INTEGER;
        ALTER TABLE attempts ADD COLUMN cached_tokens INTEGER;
        ALTER TABLE attempts ADD COLUMN output_tokens INTEGER;
        ALTER TABLE attempts ADD COLUMN usd REAL;
        CREATE TABLE cooldowns (
            run TEXT NOT NULL REFERENCES runs (run),
            provider TEXT NOT NULL,
            number INTEGER NOT NULL,
            until REAL NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (run, provider)
        ) WITHOUT ROWID;
        """
}
