import ArgumentParser
import Coordinator
import Dispatch
import Model
import Reporting
import Store

/// How a run is shown while it goes on.
struct DisplayOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing while the run goes on.")
    var quiet = false

    @Flag(name: .long, help: "One line an event, on a terminal too.")
    var plain = false
}

/// Runs a prepared run in front of a person.
enum RunSession {
    static func run(_ prepared: consuming PreparedRun, display options: DisplayOptions) async throws {
        for note in prepared.notes { Terminal.say("note: \(note)") }
        let store = prepared.state.store
        let run = prepared.run
        let display = RunDisplay(options)
        let animation = display.animate()
        defer { animation?.cancel() }
        let coordinator = try Coordinator(prepared, environment: Terminal.environment, observer: display)
        let interruption = Interruption { count in
            // A person who asks a second time does not want to wait for workers to end in good order.
            if count > 1 { Outcome(code: .interrupted, message: "stopped at once").exit() }
            coordinator.stop(reason: "interrupted")
        }
        let ending: Coordinator.Ending
        do {
            ending = try await coordinator.run()
        } catch {
            display.end()
            throw error
        }
        withExtendedLifetime(interruption) {}
        display.end()
        let report = try FinalReport(StoreReader(path: store), run: run, now: .now)
        Terminal.print(report.text(Terminal.layout))
        switch ending {
        case .finished: throw Outcome(code: report.isAllGreen ? .allGreen : .notAllGreen, message: nil)
        case .stopped: throw Outcome(code: .interrupted, message: nil)
        }
    }
}
