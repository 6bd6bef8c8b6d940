import ArgumentParser
import Coordinator
import Git
import Model
import Reporting

/// The options of `land` that divide the landed changes.
struct SplitOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Divide what has landed into branches, by 'owner' (CODEOWNERS), 'directory', 'stage', or at most so many tasks each.",
            valueName: "rule"),
        transform: { (text: String) throws -> SplitRule in
            guard let rule = SplitRule(text) else {
                throw ValidationError("'\(text)' is no rule: write owner, directory, stage or a number")
            }
            return rule
        })
    var split: SplitRule?

    @Option(
        name: .customLong("open"),
        help: ArgumentHelp("With --split and --pr, at most so many open at a time.", valueName: "count"))
    var mostOpen: Int?

    @Option(
        name: .long, help: ArgumentHelp("With --split and --pr, open at most so many in an hour.", valueName: "count"))
    var perHour: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("With --split and --pr, open some on these days only (UTC).", valueName: "mon-fri"),
        transform: { (text: String) throws -> [Int] in
            guard let days = RequestLimits.days(text) else {
                throw ValidationError("'\(text)' is no list of days: write mon-fri or mon,wed,fri")
            }
            return days
        })
    var days: [Int]?

    /// nil if no limit is given.
    var limits: RequestLimits? {
        mostOpen == nil && perHour == nil && days == nil
            ? nil : RequestLimits(open: mostOpen, perHour: perHour, days: days)
    }

    func validate() throws {
        if limits != nil, split == nil { throw ValidationError("--open, --per-hour and --days need --split") }
        if (mostOpen ?? 1) < 1 || (perHour ?? 1) < 1 { throw ValidationError("--open and --per-hour are at least 1") }
    }
}

extension LandCommand {
    /// Divides the landed changes into branches, and with `--pr` opens pull requests.
    func divide(_ chosen: RunChoice.Chosen, by rule: SplitRule, into target: String) async throws {
        let (repository, plan) = (chosen.repository, chosen.plan)
        let executors = try ExecutorConfiguration.executors(for: plan)
        let work = IntegrationSplit(
            repository: repository, plan: plan, state: chosen.state, environment: Terminal.environment,
            executors: executors)
        let round = RequestRound(
            repository: repository, plan: plan, state: chosen.state, environment: Terminal.environment,
            executors: executors)
        let address = try repository.remoteAddress(remote)
        var split = IntegrationSplit.Request(
            rule: rule, target: target, isGitLab: RequestRound.isGitLab(address ?? ""))
        if request {
            guard address != nil else { throw LandError.noRemote(remote) }
            split.base = try round.fetch(target, from: remote)
        }
        var book = try await work.split(split) { Terminal.say($0) }
        if request {
            book.remote = remote
            if let limits = options.limits { book.limits = limits }
            try RequestShelf(chosen.state, plan: plan.name).save(book)
            book = try await round.run(.init()) { Terminal.say($0) }
        }
        Terminal.print(try RequestsReport(book, now: .now).render(.text, Terminal.layout))
        if !request, !book.requests.isEmpty {
            Terminal.say("hint: 'orchestrate land --split \(rule.words) --pr' opens a pull request for each branch")
        }
    }
}
