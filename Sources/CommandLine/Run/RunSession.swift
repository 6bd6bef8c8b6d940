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

/// Whether somebody is there to say go on.
struct AttendanceOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "End with exit code 4 at a checkpoint, or when only approvals are missing, instead of waiting there.")
    var unattended = false
}

/// Runs a prepared run in front of a person.
enum RunSession {
    static func run(
        _ prepared: consuming PreparedRun, display options: DisplayOptions, attendance: AttendanceOptions
    ) async throws {
        for note in prepared.notes { Terminal.say("note: \(note)") }
        let store = prepared.state.store
        let run = prepared.run
        let display = RunDisplay(options)
        let animation = display.animate()
        defer { animation?.cancel() }
        let coordinator = try Coordinator(
            prepared, environment: Terminal.environment, isAttended: !attendance.unattended, observer: display)
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
        if case .stopped = ending, let overshoot = coordinator.wallOvershoot { Terminal.say("note: \(overshoot)") }
        switch ending {
        case .finished: throw Outcome(code: report.isAllGreen ? .allGreen : .notAllGreen, message: nil)
        case .interrupted: throw Outcome(code: .interrupted, message: nil)
        case .stopped: throw Outcome(code: .stopped, message: nil)
        }
    }
}
