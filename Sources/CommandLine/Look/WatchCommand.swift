import ArgumentParser
import Dispatch
import Foundation
import Model
import Reporting
import Store

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch a run from another terminal, and steer it with keys.",
        discussion: """
            Shows the live view of 'orchestrate migrate'. '?' lists the keys. The run goes on when you leave. Without a \
            terminal, or with --plain, prints one line per event until the run ends. docs/live-view.md describes the \
            screens.
            """)

    @OptionGroup var choice: RunChoice

    @Flag(name: .long, help: "Print one line per event, on a terminal too.")
    var plain = false

    @Flag(name: .long, help: "Print all events as JSON, one object per line, described in docs/output.md.")
    var json = false

    func run() async throws {
        let chosen = try choice.choose()
        if json || plain || !Terminal.isInteractive || isatty(STDOUT_FILENO) == 0 {
            return try await lines(chosen)
        }
        guard let loop = LiveLoop(LiveSource(chosen), isOwner: false) else { return try await lines(chosen) }
        let signals = SignalListener { _ in loop.end() }
        loop.start()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                loop.waitForEnd()
                continuation.resume()
            }
        }
        withExtendedLifetime(signals) {}
        if signals.isCaught { throw Outcome(code: .interrupted, message: nil) }
    }

    /// Seconds between two looks for new events; a look costs microseconds.
    private static let interval = 0.25

    private func lines(_ chosen: RunChoice.Chosen) async throws {
        var printer = EventPrinter(isJSON: json, clockOffset: TimeZone.current.secondsFromGMT())
        var last: Int64 = 0
        var isFirst = true
        var signal: Int?
        while true {
            // The owner is asked first, so that the last events of a run that ends now are printed.
            let isActive = chosen.owner != nil
            let change = try chosen.reader.changeSignal()
            if change != signal || !isActive {
                signal = change
                let events = try chosen.reader.read { try $0.events(of: chosen.run, after: last) }
                last = events.last?.sequence ?? last
                let lines = printer.lines(for: events)
                // A person who joins wants to see what happens from now on, a program all of it.
                if json || !isFirst || !isActive {
                    lines.forEach { json ? Terminal.print(json: $0) : Terminal.print($0) }
                }
                if !json, isFirst, isActive { Terminal.print(printer.summary(chosen.run)) }
                isFirst = false
            }
            guard isActive else { return }
            try await Task.sleep(for: .seconds(Self.interval))
        }
    }
}
