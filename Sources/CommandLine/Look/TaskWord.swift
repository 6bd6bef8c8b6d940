import ArgumentParser
import Model
import Store

/// The word by which a person names a task: every verb understands the same ones, and the shell completes them.
enum TaskWord {
    static func help(_ subject: String) -> ArgumentHelp {
        "\(subject): its name or the start of it, its number in 'plan show', or one of its files."
    }

    static let completion = CompletionKind.custom { _, _, start in words(for: start) }

    /// Returns words for the tasks of the last run: their names, and their files where no name begins like that.
    private static func words(for start: String) -> [String] {
        do {
            let chosen = try RunChoice.parse([]).choose()
            let tasks = try chosen.reader.read { try $0.tasks(of: chosen.run) }.filter { !$0.files.isEmpty }
            let names = tasks.map(\.id.rawValue)
            return names.contains { $0.hasPrefix(start) } ? names : names + tasks.flatMap(\.files)
        } catch {
            return []
        }
    }
}
