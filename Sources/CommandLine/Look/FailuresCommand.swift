import ArgumentParser
import Model
import Reporting
import Store

struct FailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures", abstract: "Show the failures of a run by class, with an example and their cost.",
        discussion: """
            Failures are of one class if the same check or guard refused the same worker with the same message, whatever \
            names, numbers and places it has. 'orchestrate retry --class' and 'skip --class' take the id of a class. Exits \
            with 0 whatever is found.
            """)

    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.")
    var json = false

    func run() throws {
        let chosen = try choice.choose()
        let report = try FailuresReport(chosen.reader, run: chosen.run)
        let text = try report.render(json ? .json : .text, Terminal.layout)
        if json { Terminal.print(json: text) } else { Terminal.print(text) }
    }
}

extension RunChoice.Chosen {
    /// The class of failures whose id begins with a word.
    func failureClass(named word: String) throws -> FailuresReport.Row {
        let report = try FailuresReport(reader, run: run)
        let found = report.rows(named: word)
        if found.count == 1 { return found[0] }
        throw Outcome(
            code: .usage,
            message: """
                error: \(found.isEmpty ? "\(run) has no class" : "\(run) has several classes") '\(word)' of failures
                  hint: 'orchestrate failures' lists the classes
                """)
    }
}
