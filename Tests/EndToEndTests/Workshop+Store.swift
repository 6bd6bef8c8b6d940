import Foundation
import Model
import Store
import TestSupport

/// Nothing has been written down yet.
struct NoRun: Error {}

extension Workshop {
    /// What the program has written down of this repository.
    func store() throws -> StoreReader {
        let folder = directory.appending("state/orchestrate")
        let name = try FileManager.default.contentsOfDirectory(atPath: folder).first ?? ""
        return try StoreReader(path: "\(folder)/\(name)/state.sqlite")
    }

    /// - Throws: where no run has begun yet, too.
    func lastRun<Value>(_ body: (StoreView, RunID) throws -> Value) throws -> Value {
        try store().read { view in
            guard let run = try view.latestRun()?.id else { throw NoRun() }
            return try body(view, run)
        }
    }

    /// The attempts of the last run, by task.
    func attempts() throws -> [String: [AttemptRecord]] {
        try lastRun { view, run in
            var attempts: [String: [AttemptRecord]] = [:]
            for task in try view.tasks(of: run) { attempts[task.id.rawValue] = try view.attempts(at: task.id, of: run) }
            return attempts
        }
    }
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
