import Foundation
import Model
import Store

/// Durable events a second, five to a transaction, beside what bare SQLite does with as many rows and transactions.
struct AppendBenchmark {
    let folder: String
    static let perTransaction = 5
    static let tasks = 1500

    func run() throws {
        let store = try EventStore(path: "\(folder)/append.sqlite")
        let run = RunID("bench-1")
        guard let started = Synthetic.runStarted(tasks: Self.tasks) else { return }
        try store.append([started], run: run, time: Timestamp(seconds: 0))
        let events = (0..<Self.tasks).flatMap(Synthetic.life)

        var latencies: [Double] = []
        let clock = ContinuousClock()
        let total = try clock.measure {
            for start in stride(from: 0, to: events.count, by: Self.perTransaction) {
                let batch = Array(events[start..<min(start + Self.perTransaction, events.count)])
                let taken = try clock.measure {
                    try store.append(batch, run: run, time: Timestamp(seconds: Double(start)))
                }
                latencies.append(taken / .milliseconds(1))
            }
        }
        latencies.sort()
        let rate = Double(events.count) / (total / .seconds(1))
        let bare = try bareRate(transactions: latencies.count)
        print("append: \(Int(rate)) events/s durable, \(Self.perTransaction) a transaction")
        print("append: p50 \(milliseconds(latencies, 0.5)), p99 \(milliseconds(latencies, 0.99)) a transaction")
        print("append: bare SQLite \(Int(bare)) rows/s, ratio \(String(format: "%.2f", rate / bare))")
    }

    private func milliseconds(_ sorted: [Double], _ share: Double) -> String {
        String(format: "%.2f ms", sorted[Int(Double(sorted.count - 1) * share)])
    }

    /// The peer: the log's rows alone, written by Python's SQLite with the same durability.
    private func bareRate(transactions: Int) throws -> Double {
        let script = """
            import sqlite3, sys, time
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            c.execute("PRAGMA journal_mode = WAL"); c.execute("PRAGMA synchronous = FULL")
            c.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, payload TEXT)")
            n, count, size = 0, int(sys.argv[2]), int(sys.argv[3])
            start = time.monotonic()
            for _ in range(count):
                c.execute("BEGIN IMMEDIATE")
                for _ in range(size):
                    n += 1
                    c.execute("INSERT INTO t VALUES (?, ?)", (n, "x" * 400))
                c.execute("COMMIT")
            print(n / (time.monotonic() - start))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", script, "\(folder)/bare.sqlite", "\(transactions)", "\(Self.perTransaction)",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .nan
    }
}
