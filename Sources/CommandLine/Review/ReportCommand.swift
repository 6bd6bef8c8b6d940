import ArgumentParser
import Coordinator
import Foundation
import Model
import Reporting

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a record of a run: what was done, why, by whom, and what was not done.",
        discussion: """
            Prints Markdown. With --html, writes one page that needs no other file and no network, with a timeline and the \
            graph of the tasks. Kept beside the code, it tells later why a change was made.
            """)

    @OptionGroup var choice: RunChoice

    @Option(name: .long, help: ArgumentHelp("Write the page to this file.", valueName: "file")) var html: String?
    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("Write the Markdown to this file.", valueName: "file"))
    var output: String?

    func run() throws {
        let chosen = try choice.choose()
        let report = try RunReport(chosen.reader, run: chosen.run, now: .now)
        if let html { try write(report.html, to: html) }
        if let output { try write(report.markdown, to: output) }
        if html == nil, output == nil { Terminal.print(report.markdown) }
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot write '\(path)': \(error.localizedDescription)\n  hint: name another file")
        }
    }
}
