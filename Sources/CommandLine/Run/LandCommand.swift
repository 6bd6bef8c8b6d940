import ArgumentParser
import Coordinator
import Git
import Model

struct LandCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "land", abstract: "Bring what has landed onto a branch of yours.",
        discussion: """
            Fast-forwards the branch, or merges where that is impossible. A branch that has commits the integration branch \
            was not tested with is left alone, unless --reverify is given: then both are put together in memory, the \
            landing checks judge that very tree, and it lands if they pass. A branch that is checked out is moved by git \
            itself, and only where nothing there waits to be committed. Exit code 3 where nothing could be done.
            """)

    @OptionGroup var choice: RunChoice

    @Option(
        name: .long, help: ArgumentHelp("The branch to move; the plan's base unless it is said.", valueName: "branch"))
    var into: String?

    @Flag(name: .long, help: "Make a merge commit, even where the branch could be fast-forwarded.") var merge = false

    @Flag(
        name: .long, help: "Keep the history linear: with --reverify the commits are made again on top of the branch.")
    var ffOnly = false

    @Flag(name: .long, help: "Where the branch has moved, check both together and land that.") var reverify = false

    @Flag(name: .long, help: "Push the branch afterwards.") var push = false

    @Flag(
        name: .customLong("pr"),
        help: "Move no branch here: push the integration branch and open a request to merge it, with gh or glab.")
    var request = false

    @Argument(help: "The remote to push to.") var remote: String = "origin"

    func validate() throws {
        if merge, ffOnly { throw ValidationError("--merge and --ff-only exclude each other") }
        if request, merge || ffOnly || reverify || push {
            throw ValidationError("--pr moves no branch: --merge, --ff-only, --reverify and --push do not go with it")
        }
    }

    func run() async throws {
        let chosen = try choice.choose()
        let landing = IntegrationLanding(
            repository: chosen.repository, plan: chosen.plan, state: chosen.state, environment: Terminal.environment)
        let target = try into ?? landing.ordinaryTarget()
        let forge = Forge(repository: chosen.repository, environment: Terminal.environment)
        if request {
            let subjects = try landing.subjects(missingIn: target)
            guard !subjects.isEmpty else { return Terminal.print("\(target) holds everything already") }
            try forge.push(chosen.plan.integration, to: remote)
            try forge.openRequest(for: chosen.plan, into: target, remote: remote, tasks: subjects)
            return
        }
        let count = try landing.subjects(missingIn: target).count
        let outcome = try await landing.land(
            into: target, merge ? .merge : ffOnly ? .fastForwardOnly : .either, reverify: reverify)
        let commits = count == 1 ? "1 commit" : "\(count) commits"
        switch outcome {
        case .nothingToDo: Terminal.print("\(target) holds everything already")
        case .fastForward(let tip): Terminal.print("\(target) is now at \(tip.short), \(commits) further")
        case .merged(let commit): Terminal.print("\(target) is now at \(commit.short), a merge of \(commits)")
        }
        if push { try forge.push(target, to: remote) }
    }
}
