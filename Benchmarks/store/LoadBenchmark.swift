import Foundation
import Model
import Reporting
import Store

/// How long a large run takes to load for `resume`, to look at for `status`, and to rebuild.
struct LoadBenchmark {
    let folder: String
    let tasks: Int

    func run() throws {
        let path = "\(folder)/load.sqlite"
        let store = try EventStore(path: path)
        let run = RunID("bench-1")
        guard let started = Synthetic.runStarted(tasks: tasks) else { return }
        try time("append the start of the run") {
            _ = try store.append([started], run: run, time: Timestamp(seconds: 0))
        }
        for start in stride(from: 0, to: tasks, by: 100) {
            let events = (start..<min(start + 100, tasks)).flatMap(Synthetic.life)
            try store.append(events, run: run, time: Timestamp(seconds: Double(start)))
        }
        let reader = try StoreReader(path: path)
        try time("load all events") { print("load: \(try reader.read { try $0.events(of: run).count }) events") }
        try time("read all tasks") { _ = try reader.read { try $0.tasks(of: run) } }
        try time("read counts") { _ = try reader.read { try $0.counts(of: run) } }
        try time("status report") {
            let report = try StatusReport(reader, run: run, owner: nil, now: Timestamp(seconds: 1))
            _ = try report.render(.text, Layout())
        }
        try time("review report") { _ = try ReviewReport(reader, run: run).text(Layout()) }
        try time("rebuild") { try store.rebuild() }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        print("load: \(bytes / 1_000_000) MB for \(tasks) tasks")
    }

    private func time(_ what: String, _ body: () throws -> Void) throws {
        let taken = try ContinuousClock().measure(body)
        print("load: \(what): \(Int(taken / .milliseconds(1))) ms")
    }
}
