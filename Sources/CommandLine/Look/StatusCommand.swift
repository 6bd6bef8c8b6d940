import ArgumentParser
import Coordinator
import Foundation
import Model
import Reporting
import Store

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how a run stands.",
        discussion: "Reads the store only, so it can be used while a run goes on. Exit code 0 whatever the state is.")

    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Show it again whenever something has happened, until the run is over.")
    var watch = false

    @Flag(name: .long, help: "Print JSON, as docs/output.md describes it.")
    var json = false

    /// Seconds between two looks at whether anything has changed; the look itself costs microseconds.
    private static let watchInterval = 0.25

    func run() async throws {
        let chosen = try choice.choose()
        var last: String?
        var signal: Int?
        while true {
            let change = try chosen.reader.changeSignal()
            if change != signal || last == nil {
                signal = change
                let report = try StatusReport(
                    chosen.reader, run: chosen.run, owner: chosen.owner, now: .now)
                let text = try report.render(json ? .json : .text, Terminal.layout)
                if watch, !json, Terminal.coloured(FileHandle.standardOutput.fileDescriptor) {
                    // Home and clear (ECMA-48: CUP, ED).
                    Terminal.print("\u{1B}[H\u{1B}[2J" + text)
                } else if text != last {
                    Terminal.print(text)
                }
                last = text
                guard watch, report.isActive else { return }
            }
            try await Task.sleep(for: .seconds(Self.watchInterval))
        }
    }
}
