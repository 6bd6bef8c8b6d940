import ArgumentParser
import Coordinator
import Model
import Reporting
import Store

/// How the progress of a run is shown.
struct DisplayOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @Flag(name: .long, help: "Print one line per event, on a terminal too.")
    var plain = false

    @Flag(name: .long, help: "Print all events as JSON, one object per line, described in docs/output.md.")
    var json = false

    func mode(isInteractive: Bool) -> RunDisplay.Mode {
        if quiet { return .quiet }
        if json { return .json }
        return plain || !isInteractive ? .lines : .live
    }
}

/// Whether a person is there to approve checkpoints.
struct AttendanceOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "Exit with code 4 at a checkpoint, or when only approvals are missing, instead of waiting.")
    var unattended = false
}

/// What is written about a run when it ends.
struct RecordOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Write a trace of all attempts to this file at the end, as OTLP JSON.", valueName: "file"))
    var trace: String?
}

/// Carries out a prepared run and reports on it.
enum RunSession {
    static func run(
        _ prepared: consuming PreparedRun, display options: DisplayOptions, attendance: AttendanceOptions,
        record: RecordOptions
    ) async throws {
        let notes = prepared.notes.map { "note: \($0)" }
        let store = prepared.state.store
        let run = prepared.run
        let (plan, repository, state) = (prepared.plan, prepared.repository, prepared.state)
        let executors = try ExecutorConfiguration.executors(for: plan)
        let display = RunDisplay(options) {
            guard let reader = try? StoreReader(path: store) else { return nil }
            let chosen = RunChoice.Chosen(
                run: run, plan: plan, reader: reader, repository: repository, state: state, runState: .running)
            return LiveLoop(LiveSource(chosen), isOwner: true)
        }
        display.say(notes)
        display.show(atEachPause: {
            // A forecast that cannot be read is no reason to end a run.
            let forecast = try? StoreReader(path: store).read { try RestForecast($0, $0.run(run)) }
            return forecast?.lines() ?? []
        })
        let notifier = Notifier(prepared.plan, user: try Notifier.userRules(), folder: prepared.state.logs)
        let sending = notifier.map { notifier in Task { await notifier.run() } }
        defer { notifier?.end() }
        let coordinator = try Coordinator(
            prepared, environment: Terminal.environment, isAttended: !attendance.unattended,
            observer: notifier.map { RunObservers(all: [display, $0]) } ?? display, executors: executors)
        let signals = SignalListener { count in
            // A second signal does not wait for workers to end in order.
            if count > 1 { Outcome.stoppedAtOnce.exit() }
            coordinator.stop(reason: "interrupted")
        }
        let ending: Coordinator.Ending
        do {
            ending = try await coordinator.run()
        } catch {
            display.end()
            throw error
        }
        withExtendedLifetime(signals) {}
        let lost = display.end()
        let report = try FinalReport(StoreReader(path: store), run: run, now: .now)
        // With --json, standard output has events only.
        let text = report.text(Terminal.layout)
        let ends = [text] + (lost > 0 ? [DisplayWriter.notice(lost)] : [])
        for text in ends { if options.json { Terminal.say(text) } else { Terminal.print(text) } }
        if case .stopped = ending, let overshoot = coordinator.wallOvershoot { Terminal.say("note: \(overshoot)") }
        if let trace = record.trace { try MetricsCommand.write(trace: trace, of: run, StoreReader(path: store)) }
        notifier?.end()
        _ = await sending?.value
        await notifier?.finish { seconds in
            Terminal.say("note: the last notification is sent in \(Int(seconds.rounded(.up))) s: at most one a minute")
        }
        switch ending {
        case .finished: throw Outcome(code: report.isAllGreen ? .done : .notDone, message: nil)
        case .interrupted: throw Outcome(code: .interrupted, message: nil)
        case .stopped: throw Outcome(code: .stopped, message: nil)
        }
    }
}
