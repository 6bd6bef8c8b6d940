package import Model

extension Repository {
    /// Returns the URL of a remote, or nil if there is no such remote.
    package func remoteAddress(_ remote: String) throws(GitError) -> String? {
        try withHandle { (handle) throws(GitError) in
            try Configuration(of: handle.pointer).string("remote.\(remote).url")
        }
    }

    /// Returns whether a checkout has no changes to tracked files and none in its index.
    ///
    /// - Parameter path: a working directory of this repository.
    package func isClean(checkout path: String) throws(GitError) -> Bool {
        let command = GitCommand(
            arguments: ["status", "--porcelain", "--untracked-files=no"], gitDirectory: "\(path)/.git",
            workTree: path, environment: environment)
        return try command.run().output.isEmpty
    }

    /// Moves a checked-out branch and the files of its checkout to a later commit.
    ///
    /// Runs `git merge --ff-only`, which refuses to overwrite a file that is not committed, even an ignored one.
    ///
    /// - Throws: `command` with Git's error output if it refuses.
    package func fastForward(checkout path: String, of branch: String, to commit: ObjectID) throws(GitError) {
        let directory = "\(path)/.git"
        let record = LockRecord(
            in: commonDirectory,
            lockFiles: ["index", "HEAD", "ORIG_HEAD"].map { "\(directory)/\($0).lock" }
                + ["\(commonDirectory)/refs/heads/\(branch).lock"])
        record?.share()
        defer { record?.end() }
        _ = try GitCommand(
            arguments: ["merge", "--quiet", "--ff-only", "--no-overwrite-ignore", commit.hex],
            gitDirectory: "\(path)/.git", workTree: path, environment: environment
        ).run()
    }
}
