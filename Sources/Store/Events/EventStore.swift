import Foundation
import GRDB
package import Model

/// The writer of a store: appends to the event log and keeps the projections in step with it.
///
/// All work is done on the caller's thread. An append returns once its events are on the disk. Several processes may
/// write, each for its own plan: a transaction takes the write lock before it reads.
package final class EventStore: Sendable {
    package let path: String
    let queue: DatabaseQueue

    /// Seconds to wait for another process's transaction. One takes milliseconds, but a backup program or a person with a
    /// SQLite shell may hold the lock for longer, and waiting is better than ending a run.
    static let busyTimeout: Double = 120

    /// Opens the store. Creates it or migrates its tables if needed, in one transaction.
    /// - Parameter path: path of the database file; its folder must exist.
    /// - Throws: `notAStore`, `corrupted`, `newerSchema`, `olderLog`, `notWritable`, `diskFull`, `busy` or `folder`.
    package init(path: String) throws(StoreError) {
        self.path = path
        var configuration = Configuration()
        configuration.label = "store"
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try EventStore.refuseForeign(db, path: path)
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        queue = try StoreError.translating(path) {
            let gate = try? FolderGate.enter((path as NSString).deletingLastPathComponent)
            defer { if let gate { FolderGate.leave(gate) } }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inImmediateTransaction { db in
                try EventStore.refuseNewer(db, path: path)
                try EventStore.refuseOlderLog(db, path: path)
                try Schema.migrate(db)
            }
            return queue
        }
    }

    /// Appends events of one run and updates the projections, in one transaction.
    /// - Parameter bodies: in order of time; a `runStarted` comes first in its run.
    /// - Returns: the events with their sequence numbers.
    /// - Throws: `illegalTransition`, `unknownSubject` or `unknownRun` for events that contradict the stored ones, or an
    ///   error of SQLite. Nothing is written in either case.
    @discardableResult
    package func append(_ bodies: [LoggedEvent.Body], run: RunID, time: Timestamp) throws(StoreError) -> [LoggedEvent] {
        guard !bodies.isEmpty else { return [] }
        return try StoreError.translating(path) {
            let payloads = try bodies.map { try $0.payload() }
            return try queue.inImmediateTransaction { db in
                let projector = Projector(db: db)
                let last = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM events") ?? 0
                return try zip(bodies, payloads).enumerated().map { index, pair in
                    let event = LoggedEvent(sequence: last + Int64(index) + 1, run: run, time: time, body: pair.0)
                    try Self.insert(event, payload: pair.1, into: db)
                    try projector.apply(event)
                    return event
                }
            }
        }
    }

    /// The name of the plan's next run.
    ///
    /// Only the append of its `runStarted` reserves the name; `RunLock` keeps two coordinators of a plan apart.
    package func nextRun(plan: String) throws(StoreError) -> RunID {
        try StoreError.translating(path) {
            try queue.read { db in
                let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM runs WHERE plan = ?", arguments: [plan])
                return RunID("\(plan)-\((last ?? 0) + 1)")
            }
        }
    }

    /// Runs queries through the writer's own connection.
    package func read<T>(_ body: (StoreView) throws -> T) throws(StoreError) -> T {
        try StoreReader(path: path, queue: queue).read(body)
    }

    /// Empties the projections and computes them from the log again.
    /// - Throws: the errors of `append` if the log itself is not legal. The old projections are then kept.
    package func rebuild() throws(StoreError) {
        try StoreError.translating(path) {
            try queue.inImmediateTransaction { db in try Self.compute(db, path: path) }
        }
    }

    static func compute(_ db: Database, path: String) throws {
        for table in Schema.projectionTables { try db.execute(sql: "DELETE FROM \(table)") }
        let projector = Projector(db: db)
        try StoreView(db: db, path: path).forEachEvent { event in try projector.apply(event) }
    }

    /// Closes the connection; the last one to close also removes SQLite's side files.
    package func close() throws(StoreError) {
        try StoreError.translating(path) { try queue.close() }
    }

    private static func insert(_ event: LoggedEvent, payload: String, into db: Database) throws {
        let row = EventRow(event.body)
        try db.run(
            """
            INSERT INTO events (sequence, run, time, class, kind, task, candidate, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            event.sequence, event.run.rawValue, event.time.seconds, row.isFact ? "fact" : "decision", row.kind,
            row.task?.rawValue, row.candidate, payload)
    }

    /// Throws for a file with tables but without the mark of orchestrate. It must not even be switched to WAL.
    private static func refuseForeign(_ db: Database, path: String) throws {
        guard try isMarked(db) || isUnbegun(db) else { throw StoreError.notAStore(path: path) }
    }

    static func isMarked(_ db: Database) throws -> Bool {
        try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID
    }

    /// Whether the file has no content yet. Its creator may have been killed between the creation of the migrations table,
    /// which is a transaction of its own, and the first step.
    static func isUnbegun(_ db: Database) throws -> Bool {
        try Int32.fetchOne(db, sql: "PRAGMA application_id") == 0
            && Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") == 0
            && Schema.migrator.appliedIdentifiers(db).isEmpty
    }

    static func refuseNewer(_ db: Database, path: String) throws {
        guard try Schema.migrator.hasBeenSuperseded(db) else { return }
        let known = Set(Schema.migrator.migrations)
        let unknown = try Schema.migrator.appliedIdentifiers(db).subtracting(known).sorted()
        throw StoreError.newerSchema(path: path, migrations: unknown)
    }

    /// Throws for a log whose payloads this program cannot read. A store without events is migrated as usual.
    static func refuseOlderLog(_ db: Database, path: String) throws {
        guard try db.tableExists("events"),
            try !Schema.migrator.appliedIdentifiers(db).contains(Schema.decisionPayloads)
        else { return }
        if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM events)") ?? false {
            throw StoreError.olderLog(path: path)
        }
    }
}

extension DatabaseQueue {
    /// Runs a transaction that takes the write lock at once. One that reads first and writes later fails with `BUSY`.
    func inImmediateTransaction<T>(_ body: (Database) throws -> T) throws -> T {
        var result: T?
        try inTransaction(.immediate) { db in
            result = try body(db)
            return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return result
    }
}

extension Database {
    /// Executes one statement, which is prepared once per connection.
    func run(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }
}
