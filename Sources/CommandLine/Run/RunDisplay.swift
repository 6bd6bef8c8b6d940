import Coordinator
import Dispatch
import Foundation
import Model
import Reporting
import Synchronization

/// Shows a run on standard error: a picture that is redrawn on a terminal, one line per event elsewhere.
///
/// The coordinator calls it from its loop, so it never writes by itself: `DisplayWriter` does.
final class RunDisplay: RunObserver {
    enum Mode { case quiet, lines, live }

    private struct State {
        var lines: ProgressLines
        var snapshot: SnapshotBuilder?
    }

    private let mode: Mode
    private let state: Mutex<State>
    /// nil where nothing is shown.
    private let writer: DisplayWriter?

    private static let framesPerSecond = 8

    /// - Parameters:
    ///   - descriptor: where to write.
    ///   - clockOffset: seconds that the user's clock is ahead of UTC.
    init(_ mode: Mode, descriptor: Int32, clockOffset: Int) {
        self.mode = mode
        writer = mode == .quiet ? nil : DisplayWriter(descriptor: descriptor)
        state = Mutex(State(lines: ProgressLines(clockOffset: clockOffset)))
    }

    convenience init(_ options: DisplayOptions) {
        self.init(
            options.mode(isInteractive: Terminal.isInteractive), descriptor: FileHandle.standardError.fileDescriptor,
            clockOffset: TimeZone.current.secondsFromGMT())
    }

    /// Shows lines that a person should read before the run, whatever the mode.
    func say(_ lines: [String]) {
        guard let writer else { return lines.forEach(Terminal.say) }
        writer.write(
            lines.flatMap { text in
                OutsideText.lines(text).split(separator: "\n").map(String.init)
            })
    }

    /// Redraws the picture for as long as the result lives; nil where there is no picture.
    func animate() -> (any DispatchSourceTimer)? {
        guard mode == .live else { return nil }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "display"))
        timer.setEventHandler { self.draw() }
        timer.schedule(deadline: .now(), repeating: 1.0 / Double(Self.framesPerSecond))
        timer.resume()
        return timer
    }

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        if leftovers > 0 {
            writer?.write([
                "note: ended \(Count.text(leftovers, "process")) that an earlier orchestrate had left running"
            ])
        }
        state.withLock { state in
            for event in events { _ = state.lines.lines(for: event) }
            state.snapshot = SnapshotBuilder(run, tasks: tasks, started: events.first?.time ?? .now)
            for event in events { state.snapshot?.take(event) }
        }
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {
        state.withLock { state in
            state.snapshot?.snapshot.counts = counts
            for event in events { state.snapshot?.take(event) }
            let lines = events.flatMap { state.lines.lines(for: $0) }
            // Under the lock, so that lines keep the order of the events.
            if mode == .lines { writer?.write(lines) }
        }
    }

    func entered(_ phase: RunPhase, task: TaskID) {
        state.withLock { $0.snapshot?.enter(phase, task: task, at: .now) }
    }

    /// Takes the picture away and writes what is waiting.
    /// - Returns: how many lines were not written because nobody reads them.
    @discardableResult
    func end() -> Int { writer?.close() ?? 0 }

    private func draw() {
        let size = Terminal.size
        let view = ProgressView(
            width: size.columns - 1, height: size.rows - 1,
            style: Style(isColored: Terminal.isColored(FileHandle.standardError.fileDescriptor)))
        guard let snapshot = state.withLock({ $0.snapshot?.current(at: .now) }) else { return }
        writer?.draw(view.draw(snapshot, now: .now))
    }
}
