import ArgumentParser
import Foundation
import Git
import Model
import Reporting

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Show the landed commits with their evidence, or the commit of one task with its diff.",
        discussion: "A verified task has a commit before it lands, so that its diff can be read before it is approved.")

    @Argument(help: TaskWord.help("Show the commit of this task"), completion: TaskWord.completion) var task: String?
    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Do not use a pager.") var noPager = false

    func run() throws {
        let chosen = try choice.choose()
        guard let task else {
            let report = try ReviewReport(chosen.reader, run: chosen.run)
            return show(report.text(Terminal.layout))
        }
        let report = try ReviewReport(chosen.reader, run: chosen.run, task: try chosen.name(typed: task))
        var diff: String?
        if let id = report.commits.last {
            let commit = try chosen.repository.commit(id)
            let before = try commit.parents.first.map { try chosen.repository.treeOf($0) }
            diff = try chosen.repository.patch(from: before, to: commit.tree)
        }
        show(report.text(Terminal.layout, diff: diff))
    }

    /// Uses the pager on a terminal, as git does.
    private func show(_ text: String) {
        guard !noPager, Terminal.isColored(FileHandle.standardOutput.fileDescriptor) else {
            return Terminal.print(text)
        }
        if !Pager.show(text) { Terminal.print(text) }
    }
}
