import Foundation
package import Model

extension Repository {
    /// Fetches the objects of a commit's tree that a partial clone left out. Does nothing in a complete repository.
    ///
    /// Git fetches missing objects one by one while it reads; this asks the promisor remote for all of them at once.
    ///
    /// - Throws: `command` if the remote cannot be reached or does not have them.
    package func fetchMissing(in commit: ObjectID) throws(GitError) {
        guard isPartialClone else { return }
        let tree = try completeTrees(of: commit)
        let missing = try withObjects { (objects) throws(GitError) -> Set<RawID> in
            var missing: Set<RawID> = []
            try TreeComparison.walk(from: nil, to: RawID(tree), in: objects) { (difference) throws(GitError) in
                guard let file = difference.new, file.mode != .submodule, !objects.contains(file.id) else { return }
                missing.insert(file.id)
            }
            return missing
        }
        guard !missing.isEmpty else { return }
        let ids = missing.map(\.hex).sorted().joined(separator: "\n") + "\n"
        _ = try promisor(
            [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no",
                "--filter=blob:none", "--stdin", try promisorRemote(),
            ], input: ids)
    }

    /// Returns a commit's tree once all its folders are there. A clone with `--filter=tree:0` lacks them, and often the
    /// tree itself.
    private func completeTrees(of commit: ObjectID) throws(GitError) -> ObjectID {
        let tree = try treeOf(commit)
        do throws(GitError) {
            try withObjects { (objects) throws(GitError) in
                try TreeComparison.walk(from: nil, to: RawID(tree), in: objects) { _ in }
            }
        } catch {
            guard case .missingObject = error else { throw error }
            // Git fetches each folder that it comes to.
            _ = try promisor(["ls-tree", "-r", "-z", "--name-only", commit.hex])
        }
        return tree
    }

    /// Returns the name of the remote that has promised the missing objects.
    private func promisorRemote() throws(GitError) -> String {
        let named = try promisor(["config", "--get", "extensions.partialclone"], accepting: [0, 1])
        if !named.isEmpty { return named }
        let marked = try promisor(["config", "--name-only", "--get-regexp", #"^remote\..*\.promisor$"#])
        let key = marked.split(separator: "\n").first ?? ""
        return String(key.dropFirst("remote.".count).dropLast(".promisor".count))
    }

    private func promisor(
        _ arguments: [String], input: String = "", accepting accepted: Set<Int32> = [0]
    ) throws(GitError) -> String {
        let command = GitCommand(
            arguments: arguments, configuration: [("fetch.negotiationAlgorithm", "noop")],
            gitDirectory: commonDirectory,
            input: Array(input.utf8), environment: environment)
        return String(decoding: try command.run(accepting: accepted).output, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
