import Foundation
import GRDB
import Model
import Testing

@testable import Store

/// Many processes that open one store at the same moment.
@Suite struct OpeningAtOnceTests {
    private static let processes = 20

    @Test(arguments: 0...Schema.steps.count)
    func `twenty processes at once create or migrate a store of any version`(steps: Int) throws {
        let scratch = try Scratch()
        if steps > 0 {
            let queue = try DatabaseQueue(path: scratch.store)
            try queue.inImmediateTransaction { db in
                try Schema.migrate(db, steps: Array(Schema.steps.prefix(steps)))
            }
            try queue.close()
        }
        let openers = try (0..<Self.processes).map { _ in
            let opener = Process()
            let (start, errors) = (Pipe(), Pipe())
            opener.executableURL = Products.folder.appending(path: "store-writer")
            opener.arguments = [scratch.path, "open"]
            opener.standardInput = start
            opener.standardError = errors
            try opener.run()
            return (process: opener, start: start, errors: errors)
        }
        // All of them wait for the end of their input.
        for opener in openers { try opener.start.fileHandleForWriting.close() }
        for opener in openers {
            opener.process.waitUntilExit()
            let said = String(decoding: opener.errors.fileHandleForReading.availableData, as: UTF8.self)
            #expect(opener.process.terminationStatus == 0, "\(said)")
        }
        #expect(throws: Never.self) { try StoreReader(path: scratch.store) }
    }

    @Test func `a store that another process keeps locked for twelve seconds is waited for`() throws {
        let scratch = try Scratch()
        let store = try EventStore(path: scratch.store)
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        holder.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys, time
            held = sqlite3.connect(sys.argv[1], isolation_level=None)
            held.execute("BEGIN IMMEDIATE")
            print("held", flush=True)
            time.sleep(12)
            """, scratch.store,
        ]
        let said = Pipe()
        holder.standardOutput = said
        try holder.run()
        #expect(String(decoding: said.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("held"))
        try store.append([.runStarted([sampleTask("a")])], run: RunID("demo-1"), time: Timestamp(seconds: 1))
        holder.waitUntilExit()
    }
}
