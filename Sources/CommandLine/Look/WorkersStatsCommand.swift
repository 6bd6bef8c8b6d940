import ArgumentParser
import Foundation
import Model
import Reporting
import Store

struct WorkersStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show the success and the cost of each worker over all runs on this machine.",
        discussion: """
            Reads the state folders of all repositories. Attempts that failed because of the machine, a provider or a \
            conflict with another task count as time and cost, but not as attempts. Exits with 0 whatever is found.
            """)

    @Flag(name: .long, help: "Print JSON, described in docs/output.md.")
    var json = false

    func run() throws {
        var records: [WorkerRecord] = []
        for path in try StateFolder.stores(environment: Terminal.environment) {
            do {
                records += try StoreReader(path: path).read { try $0.workerRecords() }
            } catch {
                Terminal.say("note: skipped a store: \(error)")
            }
        }
        let report = WorkersReport(WorkerRecord.merged(records))
        let text = try report.render(json ? .json : .text, Terminal.layout)
        if json { Terminal.print(json: text) } else { Terminal.print(text) }
    }
}
