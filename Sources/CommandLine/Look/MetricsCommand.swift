import ArgumentParser
import Coordinator
import Foundation
import Model
import Reporting
import Store

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print the figures of a run in the OpenMetrics format.",
        discussion: """
            'orchestrate serve' has the same at /metrics. With --trace, writes the run, its tasks, attempts, checks and \
            landings as a trace in the JSON of OpenTelemetry's protocol (OTLP). Only reads the store.
            """)

    @OptionGroup var choice: RunChoice

    @Option(
        name: .long, help: ArgumentHelp("Write a trace to this file, and print no figures.", valueName: "file"))
    var trace: String?

    func run() throws {
        let chosen = try choice.choose()
        if let trace { return try Self.write(trace: trace, of: chosen.run, chosen.reader) }
        Terminal.print(
            try MetricsReport(chosen.reader, run: chosen.run, owner: chosen.owner, now: .now).text)
    }

    /// Writes the trace of a run to a file.
    static func write(trace path: String, of run: RunID, _ reader: StoreReader) throws {
        let text = try TraceReport(reader, run: run, now: .now).json()
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Outcome(
                code: .cannotServe,
                message: "error: cannot write '\(path)': \(error.localizedDescription)")
        }
    }
}
