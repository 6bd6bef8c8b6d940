import Foundation
import Model
import Store
import TestSupport

extension Workshop {
    /// What the program has written down of this repository.
    func store() throws -> StoreReader {
        let folder = directory.appending("state/orchestrate")
        let name = try FileManager.default.contentsOfDirectory(atPath: folder).first ?? ""
        return try StoreReader(path: "\(folder)/\(name)/state.sqlite")
    }

    /// The attempts of the last run, by task.
    func attempts() throws -> [String: [AttemptRecord]] {
        try store().read { view in
            let run = try view.runs()[0].id
            var attempts: [String: [AttemptRecord]] = [:]
            for task in try view.tasks(of: run) { attempts[task.id.rawValue] = try view.attempts(at: task.id, of: run) }
            return attempts
        }
    }
}

extension Workshop {
    /// A task of the last run.
    func task(_ name: String) throws -> TaskRecord {
        try store().read { try $0.task(named: name, of: $0.runs()[0].id) }
    }

    /// A file of an attempt's job folder in the last run.
    func jobFile(_ task: String, _ attempt: Int, _ name: String) throws -> String {
        let state = directory.appending("state")
        let end = "/\(task)/\(attempt)/\(name)"
        let paths = try FileManager.default.subpathsOfDirectory(atPath: state).filter { $0.hasSuffix(end) }
        return try String(contentsOfFile: "\(state)/\(paths.sorted().last ?? end)", encoding: .utf8)
    }
}
