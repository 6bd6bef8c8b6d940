import Coordinator
import Foundation
import Model
import Reporting
import Synchronization

/// Shows a run: the live view on a terminal, one line per event elsewhere.
///
/// The coordinator calls it from its loop, so it never writes by itself: `DisplayWriter` and `LiveLoop` do.
final class RunDisplay: RunObserver {
    enum Mode { case quiet, lines, json, live }

    private struct State {
        var mode: Mode
        var printer: EventPrinter
        var live: LiveLoop?
        /// Returns what a person should know before continuing a run that waits.
        var outlook: @Sendable () -> [String] = { [] }
    }

    private let state: Mutex<State>
    /// nil where nothing is shown.
    private let writer: DisplayWriter?
    /// Makes the live view; nil where there is no terminal.
    private let makeLive: @Sendable () -> LiveLoop?

    /// - Parameters:
    ///   - descriptor: where to write lines.
    ///   - clockOffset: seconds that the user's clock is ahead of UTC.
    ///   - live: makes the live view of the run.
    init(
        _ mode: Mode, descriptor: Int32, clockOffset: Int, live: @escaping @Sendable () -> LiveLoop? = { nil }
    ) {
        writer = mode == .quiet ? nil : DisplayWriter(descriptor: descriptor)
        makeLive = live
        state = Mutex(State(mode: mode, printer: EventPrinter(isJSON: mode == .json, clockOffset: clockOffset)))
    }

    convenience init(_ options: DisplayOptions, live: @escaping @Sendable () -> LiveLoop?) {
        let mode = options.mode(isInteractive: Terminal.isInteractive)
        let output = mode == .json ? FileHandle.standardOutput : FileHandle.standardError
        self.init(
            mode, descriptor: output.fileDescriptor, clockOffset: TimeZone.current.secondsFromGMT(), live: live)
    }

    /// - Parameter outlook: what to show when the run begins to wait for a person.
    func show(atEachPause outlook: @escaping @Sendable () -> [String]) { state.withLock { $0.outlook = outlook } }

    /// Shows lines that a person should read before the run, whatever the mode.
    func say(_ lines: [String]) {
        guard let writer, state.withLock({ $0.mode != .json }) else { return lines.forEach(Terminal.say) }
        writer.write(
            lines.flatMap { text in
                OutsideText.lines(text).split(separator: "\n").map(String.init)
            })
    }

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        if leftovers > 0 {
            say(["note: ended \(Count.text(leftovers, "process")) that an earlier orchestrate had left running"])
        }
        state.withLock { state in
            let lines = state.printer.lines(for: events)
            switch state.mode {
            case .json: writer?.write(lines)
            case .live:
                state.live = makeLive()
                state.live?.start()
                // Without a terminal to take, lines are shown.
                if state.live == nil { state.mode = .lines }
            case .quiet, .lines: break
            }
        }
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {
        state.withLock { state in
            var lines = state.printer.lines(for: events)
            // The live view draws the forecast itself, and a stream of events has it in `status --json`.
            if state.mode == .lines, events.contains(where: \.isPause) { lines += state.outlook() }
            // Under the lock, so that lines keep the order of the events.
            if state.mode == .lines || state.mode == .json { writer?.write(lines) }
        }
    }

    func entered(_ phase: RunPhase, task: TaskID) {}

    /// Ends the live view, and writes what is waiting.
    /// - Returns: how many lines were not written because nobody reads them.
    @discardableResult
    func end() -> Int {
        state.withLock { $0.live.take() }?.end()
        return writer?.close() ?? 0
    }
}

extension LoggedEvent {
    fileprivate var isPause: Bool { if case .decision(.pause) = body { true } else { false } }
}
