import GRDB

extension EventStore {
    /// The faults that SQLite finds in the file; empty if there are none.
    package func faults() throws(StoreError) -> [String] {
        try StoreError.translating(path) {
            try queue.read { db in
                try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            }
        }
    }

    /// Names of the projections that disagree with the event log.
    ///
    /// Computes them again inside a transaction that is rolled back, so nothing changes.
    package func strayProjections() throws(StoreError) -> [String] {
        try StoreError.translating(path) {
            var stray: [String] = []
            try queue.inTransaction(.immediate) { db in
                let before = try Self.rows(db)
                try Self.compute(db, path: path)
                let after = try Self.rows(db)
                stray = Schema.projectionTables.filter { before[$0] != after[$0] }.sorted()
                return .rollback
            }
            return stray
        }
    }

    /// All rows of the projections, ordered by primary key.
    private static func rows(_ db: Database) throws -> [String: [Row]] {
        var rows: [String: [Row]] = [:]
        for table in Schema.projectionTables {
            let keys = try db.primaryKey(table).columns.joined(separator: ", ")
            rows[table] = try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY \(keys)")
        }
        return rows
    }
}
