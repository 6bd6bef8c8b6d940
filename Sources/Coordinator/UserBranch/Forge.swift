import Foundation
package import Git
package import Model

/// A client that pushes branches and opens merge requests, with the user's own git and tools.
package struct Forge: Sendable {
    private let repository: Repository
    private let environment: [String: String]

    package init(repository: Repository, environment: [String: String]) {
        self.repository = repository
        self.environment = environment
    }

    /// Pushes a branch with `git push`, never with force, using the user's hooks and credentials.
    package func push(_ branch: String, to remote: String) throws {
        try run(["git", "push", remote, "refs/heads/\(branch):refs/heads/\(branch)"])
    }

    /// Opens a merge request for the plan's integration branch with `gh` or `glab`. The branch must have been pushed.
    package func openRequest(for plan: Plan, into target: String, remote: String, tasks: [String]) throws {
        let title = "\(plan.name): \(tasks.count) \(tasks.count == 1 ? "task" : "tasks")"
        let body = ([plan.goal, ""] + tasks.map { "- \($0)" }).joined(separator: "\n")
        let isGitLab = (try repository.remoteAddress(remote) ?? remote).contains("gitlab")
        let tools = isGitLab ? ["glab", "gh"] : ["gh", "glab"]
        switch tools.first(where: isInstalled) {
        case "gh":
            try run([
                "gh", "pr", "create", "--base", target, "--head", plan.integration, "--title", title, "--body", body,
            ])
        case "glab":
            try run([
                "glab", "mr", "create", "--target-branch", target, "--source-branch", plan.integration, "--title",
                title, "--description", body, "--yes",
            ])
        default: throw LandError.noForge(remote: remote)
        }
    }

    private func isInstalled(_ tool: String) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }

    /// Runs a command in the repository. It shares the terminal, so it can prompt the user.
    private func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: repository.location)
        // Standard output is reserved for this program's data.
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw LandError.command(command.prefix(3).joined(separator: " "), status: process.terminationStatus)
        }
    }
}
