import Foundation
package import Model
package import Store

/// The last run in a state folder of one repository, as the program has recorded it.
package struct RecordedRun: Sendable {
    /// Nothing has been recorded yet.
    package struct Missing: Error {}

    /// The repository's folder, which is named after it.
    package let folder: String
    package let reader: StoreReader
    package let id: RunID

    /// - Parameter stateHome: the value of `XDG_STATE_HOME`.
    /// - Throws: where no run has begun yet, too.
    package init(below stateHome: String) throws {
        let parent = "\(stateHome)/orchestrate"
        let name = try FileManager.default.contentsOfDirectory(atPath: parent).first ?? ""
        folder = "\(parent)/\(name)"
        reader = try StoreReader(path: "\(folder)/state.sqlite")
        guard let run = try reader.read({ try $0.latestRun() })?.id else { throw Missing() }
        id = run
    }

    package func read<Value>(_ body: (StoreView, RunID) throws -> Value) throws -> Value {
        try reader.read { try body($0, id) }
    }

    /// The attempts, by task.
    package func attempts() throws -> [String: [AttemptRecord]] {
        try read { view, run in
            var attempts: [String: [AttemptRecord]] = [:]
            for task in try view.tasks(of: run) { attempts[task.id.rawValue] = try view.attempts(at: task.id, of: run) }
            return attempts
        }
    }

    /// The attempts, by the first file of each task.
    package func attemptsByFile() throws -> [String: [AttemptRecord]] {
        try read { view, run in
            var attempts: [String: [AttemptRecord]] = [:]
            for task in try view.tasks(of: run) where !task.files.isEmpty {
                attempts[task.files[0]] = try view.attempts(at: task.id, of: run)
            }
            return attempts
        }
    }

    /// All that has happened and was decided.
    package func log() throws -> [LoggedEvent.Body] { try read { try $0.events(of: $1).map(\.body) } }

    /// A file of the job folder of an attempt.
    package func jobFile(_ name: String, of task: String, attempt: Int) throws -> String {
        try String(contentsOfFile: "\(folder)/jobs/\(id)/\(task)/\(attempt)/\(name)", encoding: .utf8)
    }
}
