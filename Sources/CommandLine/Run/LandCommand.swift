import ArgumentParser
import Coordinator
import Git
import Model

struct LandCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "land", abstract: "Move one of your branches to the integration branch, or open a pull request.",
        discussion: """
            Fast-forwards the branch, or merges where a fast-forward is impossible. Refuses if the branch has commits that \
            the integration branch was not tested with. With --reverify, merges both in memory, runs the landing checks on \
            the merged tree, and moves the branch if they pass. A branch that is checked out is moved by git, and only if \
            that checkout has no uncommitted changes. Exits with 3 if the branch cannot be moved.

            With --split, divides what has landed into branches instead: by the owners that CODEOWNERS names, by directory, \
            by stage, or by size. Each branch passes the landing checks, starts from the target where the dependencies allow \
            it, and is stacked on another branch where they do not. With --pr, opens a pull request for each; \
            'orchestrate prs' shows them.
            """)

    @OptionGroup var choice: RunChoice
    @OptionGroup var options: SplitOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The branch to move; default: the one that the plan starts from.", valueName: "branch"))
    var into: String?

    @Flag(name: .long, help: "Make a merge commit even if a fast-forward is possible.") var merge = false

    @Flag(
        name: .long, help: "Keep the history linear; with --reverify, rebase the commits onto the branch.")
    var ffOnly = false

    @Flag(name: .long, help: "If the branch has moved, check the merged tree and land it.") var reverify = false

    @Flag(name: .long, help: "Push the branch afterwards.") var push = false

    @Flag(
        name: .customLong("pr"),
        help: "Push the integration branch and open a pull request with gh or glab, without moving a branch here.")
    var request = false

    @Argument(help: "The remote to push to.") var remote: String = "origin"

    func validate() throws {
        if options.split != nil, merge || ffOnly || reverify || push {
            throw ValidationError(
                "--split moves no branch of yours, so it excludes --merge, --ff-only, --reverify and --push")
        }
        if merge, ffOnly { throw ValidationError("--merge and --ff-only exclude each other") }
        if request, merge || ffOnly || reverify || push {
            throw ValidationError("--pr moves no branch, so it excludes --merge, --ff-only, --reverify and --push")
        }
    }

    func run() async throws {
        let chosen = try choice.choose()
        let landing = IntegrationLanding(
            repository: chosen.repository, plan: chosen.plan, state: chosen.state, environment: Terminal.environment,
            executors: try ExecutorConfiguration.executors(for: chosen.plan))
        let target = try into ?? landing.ordinaryTarget()
        if let rule = options.split { return try await divide(chosen, by: rule, into: target) }
        let forge = Forge(repository: chosen.repository, environment: Terminal.environment)
        if request {
            let subjects = try landing.subjects(missingIn: target)
            guard !subjects.isEmpty else { return Terminal.print("\(target) already has all landed commits") }
            try forge.push(chosen.plan.integration, to: remote)
            try forge.openRequest(for: chosen.plan, into: target, remote: remote, tasks: subjects)
            return
        }
        let count = try landing.subjects(missingIn: target).count
        let outcome = try await landing.land(
            into: target, merge ? .merge : ffOnly ? .fastForwardOnly : .either, reverify: reverify)
        let commits = Count.text(count, "commit")
        switch outcome {
        case .nothingToDo: Terminal.print("\(target) already has all landed commits")
        case .fastForward(let tip): Terminal.print("\(target) is now at \(tip.short), \(commits) further")
        case .merged(let commit): Terminal.print("\(target) is now at \(commit.short), a merge of \(commits)")
        }
        if push { try forge.push(target, to: remote) }
    }
}
