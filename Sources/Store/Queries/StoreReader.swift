import Foundation
import GRDB

/// A reader of a store that another process may be writing. It never makes the writer wait.
package struct StoreReader: Sendable {
    package let path: String
    private let queue: DatabaseQueue

    /// Opens the store for reading.
    /// - Throws: `missing`, `notAStore`, `olderSchema`, `olderLog`, `newerSchema` or an error of SQLite.
    package init(path: String) throws(StoreError) {
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
        var configuration = Configuration()
        configuration.label = "store reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(EventStore.busyTimeout)
        let queue = try StoreError.translating(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { db in
                if try EventStore.isUnbegun(db) { throw StoreError.missing(path: path) }
                guard try EventStore.isMarked(db) else { throw StoreError.notAStore(path: path) }
                try EventStore.refuseNewer(db, path: path)
                try EventStore.refuseOlderLog(db, path: path)
                guard try Schema.migrator.hasCompletedMigrations(db) else { throw StoreError.olderSchema(path: path) }
            }
            return queue
        }
        self.init(path: path, queue: queue)
    }

    init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
    }

    /// Runs queries that all see the store at the same moment.
    package func read<T>(_ body: (StoreView) throws -> T) throws(StoreError) -> T {
        try StoreError.translating(path) {
            try queue.read { db in try body(StoreView(db: db, path: path)) }
        }
    }

    /// A number that changes whenever another connection has written. It is cheap enough to query many times a second.
    package func changeSignal() throws(StoreError) -> Int {
        try StoreError.translating(path) {
            try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
        }
    }
}

/// The store at one moment. Must not leave the closure that receives it.
package struct StoreView {
    let db: Database
    let path: String
}
