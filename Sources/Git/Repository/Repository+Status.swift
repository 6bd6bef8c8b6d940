extension Repository {
    /// Returns the paths of the checkout that differ from HEAD: changed, staged and untracked files, without ignored ones.
    /// Sorted; empty for a bare repository.
    ///
    /// Only reads: the index is not refreshed.
    package func uncommittedPaths() throws(GitError) -> [String] {
        guard let workingDirectory else { return [] }
        let command = GitCommand(
            arguments: [
                "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all",
            ], gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        let output = try command.run().output
        // Each entry has two letters for index and file, a space and the path.
        return output.split(separator: 0).compactMap { String(validating: $0.dropFirst(3), as: UTF8.self) }.sorted()
    }

    /// Returns those of some paths of the checkout that Git ignores there. Empty for a bare repository.
    ///
    /// - Parameter paths: relative to the root of the checkout.
    package func ignoredPaths(among paths: [String]) throws(GitError) -> Set<String> {
        guard let workingDirectory, !paths.isEmpty else { return [] }
        let command = GitCommand(
            arguments: ["check-ignore", "-z", "--stdin"], gitDirectory: gitDirectory, workTree: workingDirectory,
            input: Array(paths.joined(separator: "\0").utf8) + [0], environment: environment)
        let output = try command.run(accepting: [0, 1]).output
        return Set(output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }

    /// Returns the git-ignored files and folders of the checkout. A folder ends in `/`, and nothing below it is listed.
    /// Empty for a bare repository.
    package func ignoredEntries() throws(GitError) -> [String] {
        guard let workingDirectory else { return [] }
        let command = GitCommand(
            arguments: ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"],
            gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        return try command.run().output.split(separator: 0).compactMap { String(validating: $0, as: UTF8.self) }
    }

    /// Returns the references that would be in the way of a branch: `a` and `a/b` cannot both exist.
    ///
    /// - Parameter branch: without `refs/heads/`. A name that ends in `/` stands for branches below it.
    package func referencesInTheWay(ofBranch branch: String) throws(GitError) -> [String] {
        let isFolder = branch.hasSuffix("/")
        let name = "refs/heads/\(isFolder ? String(branch.dropLast()) : branch)"
        return try branches(withPrefix: "").map { "refs/heads/\($0.name)" }.filter { existing in
            name.hasPrefix("\(existing)/") || (isFolder ? existing == name : existing.hasPrefix("\(name)/"))
        }
    }

    /// Returns whether the configuration asks Git to sign commits.
    package func signsCommits() throws(GitError) -> Bool {
        try withHandle { (handle) throws(GitError) in
            try Configuration(of: handle.pointer).flag("commit.gpgsign")
        }
    }
}
