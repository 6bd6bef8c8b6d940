import ArgumentParser
import Coordinator
import Foundation
import Git
import Model
import Reporting
import Store

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the status of a run.",
        discussion:
            "Only reads the store, so it can be used while the run goes on. Exits with 0 in every state of the run.")

    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Print the status whenever it changes, until the run ends. 'watch' shows it live.")
    var watch = false

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.")
    var json = false

    /// Seconds between two looks for changes; a look costs microseconds.
    private static let watchInterval = 0.25

    /// Names both commits of a base that has moved since the run began.
    private static func movedBase(_ chosen: RunChoice.Chosen) -> String {
        guard let run = try? chosen.reader.read({ try $0.run(chosen.run) }), !run.plan.baseRules.follows,
            let base = try? chosen.repository.resolve(run.plan.base), base != run.base,
            (try? chosen.repository.isAncestor(base, of: run.tip)) == false,
            (try? chosen.repository.isAncestor(run.tip, of: base)) == false || run.state == .finished
        else { return "" }
        return "\n\(run.plan.base) has moved from \(run.base.short) to \(base.short) since \(run.id) began; "
            + "'orchestrate migrate' takes in what is new"
    }

    func run() async throws {
        let chosen = try choice.choose()
        let owners = chosen.owners()
        var last: String?
        var signal: Int?
        while true {
            let change = try chosen.reader.changeSignal()
            if change != signal || last == nil {
                signal = change
                let report = try StatusReport(
                    chosen.reader, run: chosen.run, owner: chosen.owner, now: .now,
                    activity: ActivityReader(chosen.state, run: chosen.run).source, owners: owners,
                    requests: chosen.requests)
                let text =
                    try report.render(json ? .json : .text, Terminal.layout) + (json ? "" : Self.movedBase(chosen))
                if text != last {
                    if json { Terminal.print(json: text) } else { Terminal.print(text) }
                }
                last = text
                guard watch, report.isActive else { return }
            }
            try await Task.sleep(for: .seconds(Self.watchInterval))
        }
    }
}
