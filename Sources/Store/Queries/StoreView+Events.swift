import Dispatch
import GRDB
package import Model
import Synchronization

extension StoreView {
    /// All events of a run, in order.
    /// - Throws: `unreadable` for a row that this program cannot decode.
    package func events(of run: RunID) throws(StoreError) -> [LoggedEvent] {
        try events(where: "run = ?", [run.rawValue])
    }

    /// The events of a task and of the candidates that it was part of.
    package func events(of run: RunID, task: TaskID) throws(StoreError) -> [LoggedEvent] {
        try events(
            where: """
                run = ?1 AND (task = ?2
                OR candidate IN (SELECT candidate FROM candidate_tasks WHERE run = ?1 AND task = ?2))
                """,
            [run.rawValue, task.rawValue])
    }

    /// The events that say what was learned in a run: messages and who received them, commands of people with their
    /// answers, and what landed.
    package func experience(of run: RunID) throws(StoreError) -> [LoggedEvent] {
        try events(
            where: "run = ? AND kind IN ('message', 'messages-given', 'control', 'answer', 'landed')", [run.rawValue])
    }

    /// Calls `body` with each event of the log, over all runs, holding one at a time.
    func forEachEvent(_ body: (LoggedEvent) throws -> Void) throws {
        let rows = try Row.fetchCursor(db, sql: "\(StoredEvent.columns) FROM events ORDER BY sequence")
        while let row = try rows.next() { try body(StoredEvent(row).decoded(path)) }
    }

    private func events(
        where condition: String, _ arguments: StatementArguments
    ) throws(StoreError) -> [LoggedEvent] {
        try StoreError.translating(path) {
            let rows = try Row.fetchCursor(
                db, sql: "\(StoredEvent.columns) FROM events WHERE \(condition) ORDER BY sequence",
                arguments: arguments)
            var stored: [StoredEvent] = []
            while let row = try rows.next() { stored.append(StoredEvent(row)) }
            return try decode(stored)
        }
    }

    /// Rows per thread: decoding one takes some ten microseconds.
    private static let chunk = 2000

    /// Decodes on all cores, because JSON takes most of the time of loading a long log.
    private func decode(_ stored: [StoredEvent]) throws -> [LoggedEvent] {
        guard stored.count > Self.chunk else { return try stored.map { try $0.decoded(path) } }
        let chunks = stride(from: 0, to: stored.count, by: Self.chunk).map { stored[$0...].prefix(Self.chunk) }
        let place = path
        let results = Mutex([Int: Result<[LoggedEvent], any Error>]())
        DispatchQueue.concurrentPerform(iterations: chunks.count) { index in
            let result = Result { try chunks[index].map { try $0.decoded(place) } }
            results.withLock { $0[index] = result }
        }
        let done = results.withLock { $0 }
        var events: [LoggedEvent] = []
        events.reserveCapacity(stored.count)
        for index in chunks.indices { events += try done[index]?.get() ?? [] }
        return events
    }
}
