import ArgumentParser
import Model
import Store

/// The word by which a person names a task: every verb understands the same ones, and the shell completes them.
enum TaskWord {
    static func help(_ subject: String) -> ArgumentHelp {
        "\(subject): its name or the start of it, its number in 'plan show', or one of its files."
    }

    static let completion = CompletionKind.custom { _, _, _ in names() }

    /// The names of the tasks of the last run; none if there is no run.
    static func names() -> [String] {
        do {
            let chosen = try RunChoice.parse([]).choose()
            let tasks = try chosen.reader.read { try $0.tasks(of: chosen.run) }
            return tasks.filter { !$0.files.isEmpty }.map(\.id.rawValue)
        } catch {
            return []
        }
    }
}
