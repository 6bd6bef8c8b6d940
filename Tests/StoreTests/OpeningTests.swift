import Foundation
import GRDB
import Model
import Testing

@testable import Store

@Suite("Opening a store")
struct OpeningTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test func `a file that is no database is left as it is`() throws {
        let text = String(repeating: "not a database\n", count: 100)
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.store))
        #expect(throws: StoreError.notAStore(path: scratch.store)) { try EventStore(path: scratch.store) }
        #expect(throws: StoreError.notAStore(path: scratch.store)) { try StoreReader(path: scratch.store) }
        #expect(try String(contentsOfFile: scratch.store, encoding: .utf8) == text)
    }

    @Test func `a database of another program is left as it is`() throws {
        try sqlite(scratch.store, "CREATE TABLE notes (text)")
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.store))
        #expect(throws: StoreError.notAStore(path: scratch.store)) { try EventStore(path: scratch.store) }
        #expect(throws: StoreError.notAStore(path: scratch.store)) { try StoreReader(path: scratch.store) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.store)) == before)
    }

    @Test(arguments: ["", "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"])
    func `a store whose maker was killed before its first step is begun anew`(sql: String) throws {
        try sqlite(scratch.store, sql + ";PRAGMA user_version = 0")
        #expect(throws: StoreError.missing(path: scratch.store)) { try StoreReader(path: scratch.store) }
        try EventStore(path: scratch.store).close()
        #expect(throws: Never.self) { try StoreReader(path: scratch.store) }
    }

    @Test func `a store of a newer program is refused by writer and reader`() throws {
        try EventStore(path: scratch.store).close()
        try sqlite(scratch.store, "INSERT INTO grdb_migrations VALUES ('99 from the future')")
        let expected = StoreError.newerSchema(path: scratch.store, migrations: ["99 from the future"])
        #expect(throws: expected) { try EventStore(path: scratch.store) }
        #expect(throws: expected) { try StoreReader(path: scratch.store) }
    }

    @Test func `a store of an older program is brought up to date by the writer, not by a reader`() throws {
        try EventStore(path: scratch.store).close()
        let tables = [
            "reasons", "checks", "candidate_tasks", "candidates", "attempts", "dependencies", "tasks", "runs",
        ]
        let drops = tables.map { "DROP TABLE \($0);" }.joined()
        try sqlite(scratch.store, drops + "DELETE FROM grdb_migrations WHERE identifier LIKE '2 %'")
        #expect(throws: StoreError.olderSchema(path: scratch.store)) { try StoreReader(path: scratch.store) }
        try EventStore(path: scratch.store).close()
        #expect(throws: Never.self) { try StoreReader(path: scratch.store) }
    }

    @Test func `a log of an older program is refused with the way out, by writer and reader`() throws {
        let store = try EventStore(path: scratch.store)
        try store.append([.runStarted([sampleTask("a")])], run: RunID("demo-1"), time: Timestamp(seconds: 1))
        try store.close()
        try sqlite(scratch.store, "DELETE FROM grdb_migrations WHERE identifier LIKE '6 %'")
        let expected = StoreError.olderLog(path: scratch.store)
        #expect(throws: expected) { try EventStore(path: scratch.store) }
        #expect(throws: expected) { try StoreReader(path: scratch.store) }
        #expect("\(expected)".contains("older orchestrate"))
        #expect("\(expected)".contains("move the file away"))
    }

    @Test func `a store of an older program that holds no run is brought up to date`() throws {
        try EventStore(path: scratch.store).close()
        try sqlite(scratch.store, "DELETE FROM grdb_migrations WHERE identifier LIKE '6 %'")
        try EventStore(path: scratch.store).close()
        #expect(throws: Never.self) { try StoreReader(path: scratch.store) }
    }

    @Test func `a damaged store says so`() throws {
        let store = try EventStore(path: scratch.store)
        let tasks = (0..<200).map { sampleTask("task-\($0)") }
        try store.append([.runStarted(tasks)], run: RunID("demo-1"), time: Timestamp(seconds: 1))
        try store.close()
        let handle = try #require(FileHandle(forUpdatingAtPath: scratch.store))
        let size = try handle.seekToEnd()
        // The first page, with the marks of the file and the schema, stays good.
        for offset in stride(from: UInt64(4096), to: size, by: 512) {
            try handle.seek(toOffset: offset)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 64))
        }
        try handle.close()
        let error = #expect(throws: StoreError.self) {
            let reader = try StoreReader(path: scratch.store)
            return try reader.read { view in try (view.events(of: RunID("demo-1")), view.tasks(of: RunID("demo-1"))) }
        }
        switch error {
        case .corrupted(let path, _), .unreadable(let path, _, _): #expect(path == scratch.store)
        default: Issue.record("another error: \(String(describing: error))")
        }
    }

    @Test func `where nothing has been run, a reader says that`() {
        #expect(throws: StoreError.missing(path: scratch.store)) { try StoreReader(path: scratch.store) }
    }

    @Test func `a folder that does not exist is an error that names the file`() {
        let path = "\(scratch.path)/none/state.sqlite"
        do {
            _ = try EventStore(path: path)
            Issue.record("a store was made nowhere")
        } catch {
            #expect("\(error)".contains(path))
            #expect("\(error)".contains("hint:"))
        }
    }

    @Test func `a full disk refuses the append whole, and the store goes on once there is room`() throws {
        let store = try EventStore(path: scratch.store)
        let run = RunID("demo-1")
        try store.append([.runStarted([sampleTask("a")])], run: run, time: Timestamp(seconds: 1))
        // SQLite reports a database that may not grow as it reports a full disk.
        try store.queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let long = String(repeating: "x", count: 1 << 20)
        #expect(throws: StoreError.diskFull(path: scratch.store)) {
            try store.append(
                [.start("a"), .decision(.wait(.init(task: TaskID("a"), reason: long)))], run: run,
                time: Timestamp(seconds: 2))
        }
        try store.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        let events = try store.append([.start("a")], run: run, time: Timestamp(seconds: 3))
        #expect(events.map(\.sequence) == [2])
    }

    @Test func `a store that may not be written says so`() throws {
        let store = try EventStore(path: scratch.store)
        // Root may write any file, so that the mode of the file would prove nothing.
        try store.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA query_only = 1") }
        #expect(throws: StoreError.notWritable(path: scratch.store)) {
            try store.append([.runStarted([sampleTask("a")])], run: RunID("demo-1"), time: Timestamp(seconds: 1))
        }
    }
}
