package import Model

extension Repository {
    /// The address that a remote's name stands for; nil where there is no such remote.
    package func remoteAddress(_ remote: String) throws(GitError) -> String? {
        try withHandle { (handle) throws(GitError) in
            try Configuration(of: handle.pointer).string("remote.\(remote).url")
        }
    }

    /// Whether a checkout has no change that Git tracks, in its files or its index, and nothing is under way in it.
    ///
    /// - Parameter path: of a working directory of this repository.
    package func isClean(checkout path: String) throws(GitError) -> Bool {
        let command = GitCommand(
            arguments: ["status", "--porcelain", "--untracked-files=no"], gitDirectory: "\(path)/.git",
            workTree: path, environment: environment)
        return try command.run().output.isEmpty
    }

    /// Moves a branch that is checked out to a later commit, with the files of its checkout.
    ///
    /// Git itself does it, and refuses where a file that is not committed, ignored ones too, would be overwritten.
    /// - Throws: `command` with Git's words where it refuses.
    package func fastForward(checkout path: String, to commit: ObjectID) throws(GitError) {
        _ = try GitCommand(
            arguments: ["merge", "--quiet", "--ff-only", "--no-overwrite-ignore", commit.hex],
            gitDirectory: "\(path)/.git", workTree: path, environment: environment
        ).run()
    }
}
