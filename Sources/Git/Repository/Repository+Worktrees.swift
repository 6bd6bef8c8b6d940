import Foundation

extension Repository {
    /// The branch that is checked out here, without `refs/heads/`; nil if HEAD names a commit.
    package var currentBranch: String? {
        let start = "ref: refs/heads/"
        guard let head = FileSystem.text("\(gitDirectory)/HEAD"), head.hasPrefix(start) else { return nil }
        return String(head.dropFirst(start.count))
    }

    /// The remote-tracking branch that a branch follows, as a full reference; nil if it follows none.
    package func upstream(ofBranch branch: String) throws(GitError) -> String? {
        try withHandle { (handle) throws(GitError) -> String? in
            let configuration = try Configuration(of: handle.pointer)
            guard let remote = configuration.string("branch.\(branch).remote"),
                let merge = configuration.string("branch.\(branch).merge")
            else { return nil }
            if remote == "." { return merge }
            let start = "refs/heads/"
            return merge.hasPrefix(start) ? "refs/remotes/\(remote)/\(merge.dropFirst(start.count))" : nil
        }
    }

    /// Returns where a branch is checked out: the main working directory or a linked worktree; nil if nowhere.
    ///
    /// A branch that is being rebased or bisected counts too. HEAD does not name it meanwhile, but Git will write it at the
    /// end.
    ///
    /// - Parameter branch: without `refs/heads/`.
    package func checkedOutPath(ofBranch branch: String) -> String? {
        let reference = "refs/heads/\(branch)"
        if let main = mainWorkingDirectory, Self.uses(reference, gitDirectory: commonDirectory) { return main }
        for name in FileSystem.names(in: "\(commonDirectory)/worktrees") {
            let directory = "\(commonDirectory)/worktrees/\(name)"
            guard Self.uses(reference, gitDirectory: directory) else { continue }
            return Self.checkout(ofLinkedWorktree: directory)
        }
        return nil
    }

    /// Returns the checkout of a linked worktree, or its private Git directory if that does not name one.
    ///
    /// With `extensions.relativeWorktrees`, the link is relative to the private Git directory.
    private static func checkout(ofLinkedWorktree directory: String) -> String {
        guard var link = FileSystem.text("\(directory)/gitdir") else { return directory }
        if !link.hasPrefix("/") { link = URL(fileURLWithPath: "\(directory)/\(link)").standardizedFileURL.path }
        return link.hasSuffix("/.git") ? String(link.dropLast(5)) : link
    }

    /// The working directory of the main worktree, even if this repository was opened from a linked one.
    private var mainWorkingDirectory: String? {
        if gitDirectory == commonDirectory { return workingDirectory }
        guard let main = try? RepositoryPointer(opening: commonDirectory) else { return nil }
        return (try? RepositoryLocation(of: main, path: commonDirectory))?.workingDirectory
    }

    private static func uses(_ reference: String, gitDirectory: String) -> Bool {
        if FileSystem.text("\(gitDirectory)/HEAD") == "ref: \(reference)" { return true }
        for state in ["rebase-merge/head-name", "rebase-apply/head-name"]
        where FileSystem.text("\(gitDirectory)/\(state)") == reference { return true }
        // `git rebase --update-refs` moves these too. The file has a line each for reference, old and new value.
        if let moved = FileSystem.text("\(gitDirectory)/rebase-merge/update-refs"),
            moved.split(separator: "\n").contains(Substring(reference))
        {
            return true
        }
        guard let start = FileSystem.text("\(gitDirectory)/BISECT_START") else { return false }
        return start == reference || "refs/heads/\(start)" == reference
    }
}
