import Foundation
import Model
import Store
import TestSupport

extension Workshop {
    /// What the program has written down of this repository.
    /// - Throws: where no run has begun yet, too.
    func recorded() throws -> RecordedRun { try RecordedRun(below: directory.appending("state")) }

    func lastRun<Value>(_ body: (StoreView, RunID) throws -> Value) throws -> Value { try recorded().read(body) }

    /// The attempts of the last run, by task.
    func attempts() throws -> [String: [AttemptRecord]] { try recorded().attempts() }
}

extension Workshop {
    /// A task of the last run.
    func task(_ name: String) throws -> TaskRecord {
        try lastRun { try $0.task(named: name, of: $1) }
    }

    /// A file of an attempt's job folder in the last run.
    func jobFile(_ task: String, _ attempt: Int, _ name: String) throws -> String {
        let state = directory.appending("state")
        let end = "/\(task)/\(attempt)/\(name)"
        let paths = try FileManager.default.subpathsOfDirectory(atPath: state).filter { $0.hasSuffix(end) }
        return try String(contentsOfFile: "\(state)/\(paths.sorted().last ?? end)", encoding: .utf8)
    }
}
