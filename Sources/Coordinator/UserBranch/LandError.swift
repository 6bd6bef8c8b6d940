import Model

/// Why the integration branch could not be brought onto another branch; nothing has been changed.
package enum LandError: Error, Sendable, CustomStringConvertible {
    case noIntegration(branch: String)
    case noSuchBranch(String)
    case notABranch(base: String)
    case intoItself(branch: String)
    /// The branch has commits that the integration branch was not made on.
    case moved(branch: String, commits: Int, integration: String)
    case conflicts(branch: String, integration: String, paths: [String])
    case red(branch: String, failure: String, logs: String)
    case checkoutInUse(branch: String, path: String, integration: String)
    /// The branch was moved by somebody else in the meantime.
    case overtaken(branch: String)
    case command(String, status: Int32)
    case noForge(remote: String)

    package var description: String {
        switch self {
        case .noIntegration(let branch):
            """
            there is no branch '\(branch)': nothing has landed yet
              hint: 'orchestrate migrate' makes it
            """
        case .noSuchBranch(let branch):
            """
            there is no branch '\(branch)'
              hint: 'git branch \(branch) COMMIT' makes one; --into names another
            """
        case .notABranch(let base):
            """
            the plan starts from '\(base)', which is no branch that could be moved
              hint: name one with --into BRANCH
            """
        case .intoItself(let branch):
            """
            '\(branch)' is the integration branch itself
              hint: name the branch that is to have its commits with --into
            """
        case .moved(let branch, let commits, let integration):
            """
            '\(branch)' has moved on: \(Count.text(commits, "commit")) that '\(integration)' was not tested with
              hint: --reverify puts both together in memory, runs the landing checks on that very tree, and lands it if \
            they pass
            """
        case .conflicts(let branch, let integration, let paths):
            """
            '\(branch)' and '\(integration)' change the same lines of \(paths.joined(separator: ", "))
              hint: 'git merge \(integration)' on '\(branch)' lets you settle them by hand
            """
        case .red(let branch, let failure, let logs):
            """
            together with '\(branch)' as it is now, \(failure)
              hint: '\(branch)' was left alone; the full output is in \(logs)
            """
        case .checkoutInUse(let branch, let path, let integration):
            """
            '\(branch)' is checked out at \(path) and has changes there that are not committed
              hint: commit or stash them and try again, or let git do it there: 'git -C \(path) merge \(integration)'
            """
        case .overtaken(let branch):
            """
            '\(branch)' was moved by somebody else just now
              hint: try again
            """
        case .command(let command, let status): "'\(command)' exited with status \(status)"
        case .noForge(let remote):
            """
            neither 'gh' nor 'glab' is installed, so no request can be opened at '\(remote)'
              hint: install one of them, or open the request on the site; the branch has been pushed
            """
        }
    }
}
