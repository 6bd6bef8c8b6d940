package import Model

extension Repository {
    /// Returns the branches whose tip no reference outside a prefix reaches.
    ///
    /// - Parameters:
    ///   - branches: names without `refs/heads/`, with their tips.
    ///   - prefix: without `refs/heads/`. References below it are ignored, since they may be deleted together.
    package func unreferenced(
        among branches: [(name: String, tip: ObjectID)], ignoring prefix: String
    ) throws(GitError) -> Set<String> {
        guard !branches.isEmpty else { return [] }
        let references = try command(["for-each-ref", "--format=%(objectname) %(refname)"])
        let hidden = references.split(separator: "\n").filter { !$0.contains(" refs/heads/\(prefix)") }
            .compactMap { $0.split(separator: " ").first }
        let input = Set(branches.map(\.tip.hex)).sorted() + hidden.map { "^\($0)" }
        let commits = try command(
            ["rev-list", "--ignore-missing", "--stdin"], input: input.joined(separator: "\n") + "\n")
        let lonely = Set(commits.split(separator: "\n").map(String.init))
        return Set(branches.filter { lonely.contains($0.tip.hex) }.map(\.name))
    }

    private func command(_ arguments: [String], input: String = "") throws(GitError) -> String {
        let command = GitCommand(
            arguments: arguments, gitDirectory: commonDirectory, input: Array(input.utf8), environment: environment)
        return String(decoding: try command.run().output, as: UTF8.self)
    }
}
