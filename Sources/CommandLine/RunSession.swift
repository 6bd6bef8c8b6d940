import ArgumentParser
import Coordinator
import Model

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
        let display = RunDisplay(options)
        let coordinator = try Coordinator(prepared, environment: Terminal.environment, observer: display)
        let interruption = Interruption { count in
            coordinator.stop(reason: count == 1 ? "interrupted" : "interrupted \(count) times")
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
        switch ending {
        case .finished: throw Outcome.done
        case .stopped: throw Outcome(code: .interrupted, message: "stopped; 'orchestrate resume' goes on")
        }
    }
}
