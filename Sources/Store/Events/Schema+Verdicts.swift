extension Schema {
    /// Verdicts belong to the repository and not to a run: a verdict on a tree is valid in the next run too.
    static let verdicts = """
        CREATE TABLE verdicts (
            key TEXT PRIMARY KEY,
            tree TEXT NOT NULL,
            clean INTEGER NOT NULL,
            run TEXT NOT NULL,
            time REAL NOT NULL,
            passes INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            name TEXT NOT NULL,
            command TEXT NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER NOT NULL,
            seconds REAL NOT NULL,
            digest TEXT NOT NULL,
            failed_tests TEXT NOT NULL,
            tests_run INTEGER,
            test_gap TEXT,
            flakes INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE flake_rates (
            plan TEXT NOT NULL,
            name TEXT NOT NULL,
            runs INTEGER NOT NULL,
            flakes INTEGER NOT NULL,
            PRIMARY KEY (plan, name)
        ) WITHOUT ROWID;

        CREATE TABLE whole_checks (
            sequence INTEGER PRIMARY KEY,
            run TEXT NOT NULL REFERENCES runs (run),
            kind TEXT NOT NULL CHECK (kind IN ('baseline', 'final')),
            commit_id TEXT NOT NULL,
            tree TEXT NOT NULL,
            seconds REAL NOT NULL
        );
        CREATE INDEX whole_checks_run ON whole_checks (run, sequence);

        ALTER TABLE checks ADD COLUMN failed_tests TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE checks ADD COLUMN tests_run INTEGER;
        ALTER TABLE checks ADD COLUMN test_gap TEXT;
        ALTER TABLE checks ADD COLUMN flakes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE checks ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
        """

    /// The last search for files that no landing check sees, by plan and landing checks.
    static let probedFiles = """
        CREATE TABLE probed_files (
            plan TEXT NOT NULL,
            checks TEXT NOT NULL,
            base TEXT NOT NULL,
            time REAL NOT NULL,
            unseen TEXT NOT NULL,
            undecided TEXT NOT NULL,
            PRIMARY KEY (plan, checks)
        ) WITHOUT ROWID;
        """
}
