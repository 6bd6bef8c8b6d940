import ArgumentParser
import Coordinator
import Foundation
import Model
import Reporting

struct PrsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prs", abstract: "List the branches of 'land --split' and the state of their pull requests.",
        discussion: """
            Asks the host with gh or glab. What reviewers and failed checks say about the current commit of a pull request goes \
            into the prompts of the next attempts at its tasks. With --update, branches are built and checked again if the \
            base has moved, pushed, and more pull requests are opened as the limits of 'land --split' allow.
            """)

    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Push what has changed and open what the limits allow, once.") var update = false
    @Flag(name: .long, help: "Do the same as --update again and again, until all are merged or closed.") var watch =
        false
    @Flag(name: .long, help: "Replace commits that have been reviewed already.") var force = false
    @Option(name: .long, help: ArgumentHelp("Seconds between two looks with --watch.", valueName: "seconds"))
    var every = 60
    @Flag(name: .long, help: "Print JSON, described in docs/output.md.") var json = false

    func validate() throws {
        if every < 1 { throw ValidationError("--every must be at least 1") }
    }

    func run() async throws {
        let chosen = try choice.choose()
        let round = RequestRound(
            repository: chosen.repository, plan: chosen.plan, state: chosen.state, environment: Terminal.environment,
            executors: try ExecutorConfiguration.executors(for: chosen.plan))
        while true {
            guard let book = try await look(round) else {
                try await Task.sleep(for: .seconds(every))
                continue
            }
            let text = try RequestsReport(book, now: .now).render(json ? .json : .text, Terminal.layout)
            if json { Terminal.print(json: text) } else { Terminal.print(text) }
            guard watch, !book.isDone else { return }
            try await Task.sleep(for: .seconds(every))
        }
    }
    /// - Returns: nil if the host could not be asked and is asked again later.
    private func look(_ round: RequestRound) async throws -> RequestBook? {
        do {
            return try await round.run(.init(isForced: force, publishes: update || watch || force)) { Terminal.say($0) }
        } catch let error as LandError {
            guard watch, case .tool = error else { throw error }
            Terminal.say("\(error)\ntried again in \(Count.text(every, "second"))")
            return nil
        }
    }
}
