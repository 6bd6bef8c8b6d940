import Foundation
import GRDB
package import Model

extension StoreView {
    /// All events of a run, in order.
    /// - Throws: `unreadable` for a row that this program cannot decode.
    package func events(of run: RunID) throws(StoreError) -> [LoggedEvent] {
        try events(where: "run = ?", [run.rawValue])
    }

    /// The events that are about a task, among them those of candidates it was part of.
    package func events(of run: RunID, task: TaskID) throws(StoreError) -> [LoggedEvent] {
        try events(
            where: """
                run = ?1 AND (task = ?2
                OR candidate IN (SELECT candidate FROM candidate_tasks WHERE run = ?1 AND task = ?2))
                """,
            [run.rawValue, task.rawValue])
    }

    /// The last events of a run, oldest first.
    package func lastEvents(of run: RunID, count: Int) throws(StoreError) -> [LoggedEvent] {
        try events(
            where: "sequence IN (SELECT sequence FROM events WHERE run = ? ORDER BY sequence DESC LIMIT ?)",
            [run.rawValue, count])
    }

    /// Calls `body` with each event of the log, over all runs, holding one at a time.
    func forEachEvent(_ body: (LoggedEvent) throws -> Void) throws {
        let rows = try Row.fetchCursor(db, sql: "\(Self.columns) FROM events ORDER BY sequence")
        while let row = try rows.next() { try body(event(row)) }
    }

    private func events(
        where condition: String, _ arguments: StatementArguments
    ) throws(StoreError) -> [LoggedEvent] {
        try StoreError.translating(path) {
            let rows = try Row.fetchCursor(
                db, sql: "\(Self.columns) FROM events WHERE \(condition) ORDER BY sequence", arguments: arguments)
            var events: [LoggedEvent] = []
            while let row = try rows.next() { events.append(try event(row)) }
            return events
        }
    }

    private static let columns = "SELECT sequence, run, time, class, payload"

    private func event(_ row: Row) throws -> LoggedEvent {
        let sequence: Int64 = row[0]
        let payload: Data = row[4]
        do {
            let decoder = JSONDecoder()
            let body: LoggedEvent.Body =
                row[3] == "fact"
                ? .fact(try decoder.decode(Fact.self, from: payload))
                : .decision(try decoder.decode(Decision.self, from: payload))
            return LoggedEvent(
                sequence: sequence, run: RunID(row[1] as String), time: Timestamp(seconds: row[2]), body: body)
        } catch {
            throw StoreError.unreadable(path: path, place: "event \(sequence)", detail: "\(error)")
        }
    }
}
