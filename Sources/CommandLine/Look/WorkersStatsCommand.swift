import ArgumentParser
import Foundation
import Model
import Reporting
import Store

struct WorkersStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show what each worker has brought and cost, over all runs on this machine.",
        discussion: """
            Reads the state folders of all repositories. What the machine, a provider or a neighbour spoilt counts as \
            time and money, and not as an attempt. Exit code 0 whatever is found.
            """)

    @Flag(name: .long, help: "Print JSON, as docs/output.md describes it.")
    var json = false

    func run() throws {
        var records: [WorkerRecord] = []
        for path in try StateFolder.stores(environment: Terminal.environment) {
            do {
                records += try StoreReader(path: path).read { try $0.workerRecords() }
            } catch {
                Terminal.say("left out: \(error)")
            }
        }
        let report = WorkersReport(WorkerRecord.merged(records))
        Terminal.print(try report.render(json ? .json : .text, Terminal.layout))
    }
}
