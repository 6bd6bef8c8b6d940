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
