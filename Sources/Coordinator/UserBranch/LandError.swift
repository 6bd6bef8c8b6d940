import Model

/// A reason why the integration branch could not land on another branch. Nothing was changed.
package enum LandError: Error, Sendable, CustomStringConvertible {
    case noIntegration(branch: String)
    case noSuchBranch(String)
    case notABranch(base: String)
    case intoItself(branch: String)
    /// The branch has commits that the integration branch does not contain.
    case moved(branch: String, commits: Int, integration: String)
    case conflicts(branch: String, integration: String, paths: [String])
    case red(branch: String, failure: String, logs: String)
    case checkoutInUse(branch: String, path: String, integration: String)
    /// Another process moved the branch meanwhile.
    case overtaken(branch: String)
    case command(String, status: Int32)
    case noForge(remote: String)
    /// A call of `gh`, `glab` or `git` failed.
    case tool(String, text: String)
    case noRemote(String)
    /// The address of the remote names no repository of a host.
    case noRepository(address: String)
    /// There is no `CODEOWNERS` file.
    case noOwners(commit: String)
    /// Nothing has been divided into branches.
    case noSplit(plan: String)
    /// The branches of a division are not together what has landed.
    case splitDiffers(paths: [String])
    /// Somebody else has pushed to a branch of a pull request.
    case foreignCommits(branch: String, remote: String)
    /// The file with the pull requests cannot be read.
    case brokenBook(path: String)

    package var description: String {
        switch self {
        case .noIntegration(let branch):
            """
            there is no branch '\(branch)': nothing has landed yet
              hint: run 'orchestrate migrate' first
            """
        case .noSuchBranch(let branch):
            """
            there is no branch '\(branch)'
              hint: create it with 'git branch \(branch) COMMIT', or name another branch with --into BRANCH
            """
        case .notABranch(let base):
            """
            the plan starts from '\(base)', which is not a branch
              hint: name the branch to land on with --into BRANCH
            """
        case .intoItself(let branch):
            """
            '\(branch)' is the integration branch itself
              hint: name the branch to land on with --into BRANCH
            """
        case .moved(let branch, let commits, let integration):
            """
            '\(branch)' has moved on: \(Count.text(commits, "commit")) that '\(integration)' was not tested with
              hint: with --reverify, both are combined in memory, the landing checks run on the result, and it lands \
              if they pass
            """
        case .conflicts(let branch, let integration, let paths):
            """
            '\(branch)' and '\(integration)' change the same lines of \(paths.joined(separator: ", "))
              hint: run 'git merge \(integration)' on '\(branch)' and resolve the conflicts
            """
        case .red(let branch, let failure, let logs):
            """
            combined with the current '\(branch)', \(failure)
              hint: '\(branch)' was not changed; the full output is in \(logs)
            """
        case .checkoutInUse(let branch, let path, let integration):
            """
            '\(branch)' is checked out at \(path) and has uncommitted changes there
              hint: commit or stash them and try again, or run 'git -C \(path) merge \(integration)'
            """
        case .overtaken(let branch):
            """
            '\(branch)' was moved by another process meanwhile
              hint: run the command again
            """
        case .command(let command, let status): "'\(command)' exited with status \(status)"
        case .noForge(let remote):
            """
            neither 'gh' nor 'glab' is installed, so no merge request can be opened at '\(remote)'
              hint: install one of them, or open the merge request in a browser; the branch has been pushed
            """
        case .tool(let command, let text):
            """
            '\(command)' failed: \(text)
              hint: run the command again; what was done already is not repeated
            """
        case .noRemote(let remote):
            """
            there is no remote '\(remote)'
              hint: name one that 'git remote' lists
            """
        case .noRepository(let address):
            """
            '\(address)' is no address of a repository on GitHub or GitLab
              hint: name another remote, or leave out --pr and push the branches yourself
            """
        case .noOwners(let commit):
            """
            there is no CODEOWNERS file at \(commit)
              hint: use '--split directory', '--split stage' or '--split 20'
            """
        case .noSplit(let plan):
            """
            the landed changes of '\(plan)' have not been divided into branches
              hint: run 'orchestrate land --split owner'
            """
        case .splitDiffers(let paths):
            """
            the branches together are not what has landed: \(paths.prefix(5).joined(separator: ", "))
              hint: no branch was moved; 'orchestrate land' lands everything as one branch
            """
        case .foreignCommits(let branch, let remote):
            """
            somebody has pushed commits to '\(branch)' on '\(remote)', and they are not replaced
              hint: fetch and merge them, or delete that branch, and run the command again
            """
        case .brokenBook(let path):
            """
            '\(path)' cannot be read
              hint: remove it and run 'orchestrate land --split' again; open pull requests are found by their branches
            """
        }
    }
}
